package dev.gatehouse.controlplane.audit;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.gatehouse.contract.audit.CanonicalJson;
import dev.gatehouse.controlplane.secret.PrivateMembers;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Takes secrets out of documents, by the names of members and by what values look like. What is
 * doubtful is taken out: the trail cannot be corrected later.
 */
final class Redaction {
  static final String REDACTED = "[redacted]";

  /** A name with one of these words is a secret's, with all that is below it. */
  private static final Set<String> SECRET_WORDS =
      Set.of(
          "secret",
          "secrets",
          "password",
          "passwords",
          "passwd",
          "passphrase",
          "pwd",
          "credential",
          "credentials",
          "private",
          "authorization",
          "cookie",
          "dsn",
          "jwk");

  /** A name that ends so is a secret's, where the value is a text. */
  private static final Set<String> SECRET_ENDINGS =
      Set.of("key", "keys", "apikey", "accesskey", "token", "tokens", "pin", "pem");

  private static final Pattern WORD_END = Pattern.compile("[^A-Za-z0-9]+|(?<=[a-z0-9])(?=[A-Z])");

  private static final Pattern GATEHOUSE_TOKEN =
      Pattern.compile("(gh[a-z]?_[0-9a-f]{16}_)[A-Za-z0-9_-]+");
  private static final Pattern USER_INFO = Pattern.compile("://[^/?#\\s\"]*@");
  private static final Pattern SCHEME_AND_CREDENTIAL =
      Pattern.compile("(?i)\\b(Bearer|Basic|Digest) +[^\\s,]+");
  private static final Pattern PASSWORD_SETTING =
      Pattern.compile("(?i)\\b(password|pwd|secret|accountkey|sig)=[^;&\\s]+");
  private static final Pattern TIME =
      Pattern.compile("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d(:\\d\\d(\\.\\d{1,9})?)?Z");
  private static final String PEM = "PRIVATE KEY-----";

  private Redaction() {}

  /** The document as a plain tree, without its secrets. */
  static Map<String, @Nullable Object> of(JsonObject document) {
    Map<String, @Nullable Object> plain = new LinkedHashMap<>();
    boolean namesASecret =
        document.getValue("name") instanceof String name && isSecret(words(name));
    for (Map.Entry<String, @Nullable Object> member : document) {
      boolean valueOfSecret = namesASecret && member.getKey().equals("value");
      plain.put(
          text(member.getKey()),
          valueOfSecret ? REDACTED : member(member.getKey(), member.getValue()));
    }
    return plain;
  }

  private static @Nullable Object member(String name, @Nullable Object value) {
    List<String> words = words(name);
    if (words.contains("public") || isSaidOfASecret(words, value)) {
      return value(value);
    }
    boolean below = words.stream().anyMatch(SECRET_WORDS::contains);
    boolean text =
        value instanceof String || (value instanceof JsonArray array && !isPublicKeys(array));
    return below || (text && isSecret(words)) ? REDACTED : value(value);
  }

  /**
   * When a secret was set, as in {@code secretSetAt}, is no secret: that it was set must be told.
   */
  private static boolean isSaidOfASecret(List<String> words, @Nullable Object value) {
    return !words.isEmpty()
        && words.getLast().equals("at")
        && value instanceof String text
        && TIME.matcher(text).matches();
  }

  /** The keys of a JWK set (RFC 7517 section 5) that verify: whom a tenant trusts must be told. */
  private static boolean isPublicKeys(JsonArray keys) {
    return !keys.isEmpty()
        && keys.stream()
            .allMatch(key ->
                key instanceof JsonObject jwk
                    && jwk.getValue("kty") instanceof String
                    && PrivateMembers.of(jwk).isEmpty());
  }

  private static boolean isSecret(List<String> words) {
    return words.stream().anyMatch(SECRET_WORDS::contains)
        || String.join("", words).endsWith("connectionstring")
        || (!words.isEmpty() && SECRET_ENDINGS.contains(words.getLast()));
  }

  private static List<String> words(String name) {
    return WORD_END
        .splitAsStream(name)
        .filter(word -> !word.isEmpty())
        .map(word -> word.toLowerCase(Locale.ROOT))
        .toList();
  }

  private static @Nullable Object value(@Nullable Object value) {
    return switch (value) {
      case null -> null;
      case JsonObject object -> of(object);
      case JsonArray array -> {
        List<@Nullable Object> items = new ArrayList<>();
        array.forEach(item -> items.add(value(item)));
        yield items;
      }
      case String text -> withoutSecrets(text(text));
      case Long number when Math.abs(number) > CanonicalJson.MAX_SAFE_INTEGER -> number.toString();
      case Number number -> number;
      case Boolean truth -> truth;
      default -> text(value.toString());
    };
  }

  private static String withoutSecrets(String text) {
    if (text.contains(PEM)) {
      return REDACTED;
    }
    String plain = GATEHOUSE_TOKEN.matcher(text).replaceAll("$1" + REDACTED);
    plain = USER_INFO.matcher(plain).replaceAll("://" + REDACTED + "@");
    plain = SCHEME_AND_CREDENTIAL.matcher(plain).replaceAll("$1 " + REDACTED);
    return PASSWORD_SETTING.matcher(plain).replaceAll("$1=" + REDACTED);
  }

  /** Half a surrogate pair, which has no canonical form, becomes a question mark. */
  static String text(String text) {
    return text.chars().anyMatch(c -> Character.isSurrogate((char) c))
        ? new String(text.getBytes(UTF_8), UTF_8)
        : text;
  }
}

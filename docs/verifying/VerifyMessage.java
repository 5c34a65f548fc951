import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatehouse.contract.signature.Component;
import dev.gatehouse.contract.signature.Message;
import dev.gatehouse.contract.signature.MessageVerifier;
import dev.gatehouse.contract.signature.SignatureProfile;
import dev.gatehouse.contract.signature.SignatureRefusedException;
import dev.gatehouse.contract.signature.VerificationPolicy;
import dev.gatehouse.contract.signature.VerifiedSignature;
import dev.gatehouse.contract.signature.VerifyingKey;
import dev.gatehouse.contract.signature.VerifyingKeys;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Verifies whole messages that Gatehouse signs (RFC 9421, RFC 9530) with its own library: see
 * ../verifying.md.
 *
 * <pre>java -cp 'lib/*' VerifyMessage.java --jwks URL [--service NAME] [--hmac KEYID=BASE64] [--require @method,@path] &lt; message.json</pre>
 */
public final class VerifyMessage {
  private static final ObjectMapper JSON = new ObjectMapper();

  public static void main(String[] arguments) throws Exception {
    Map<String, String> given = new HashMap<>(Map.of("--require", "@method,@authority,@path,@query"));
    for (int i = 0; i + 1 < arguments.length; i += 2) {
      given.put(arguments[i], arguments[i + 1]);
    }
    JsonNode message = JSON.readTree(System.in);
    try {
      VerifiedSignature verified = verify(message, given);
      System.out.println(
          JSON.writeValueAsString(
              Map.of(
                  "components", verified.components().stream().map(Component::identifier).toList(),
                  "keyid", verified.key())));
    } catch (SignatureRefusedException e) {
      System.err.println("Refused: " + e.getMessage());
      System.exit(1);
    } catch (IOException e) {
      System.err.println("KeysUnavailable: " + e);
      System.exit(2);
    }
  }

  private static VerifiedSignature verify(JsonNode message, Map<String, String> given)
      throws SignatureRefusedException, IOException, InterruptedException {
    List<Component> required = new ArrayList<>();
    for (String name : given.get("--require").split(",")) {
      required.add(Component.of(name));
    }
    VerificationPolicy policy =
        new VerificationPolicy(
            SignatureProfile.DEFAULT_LABEL,
            required,
            Duration.ofSeconds(60),
            Duration.ofSeconds(5),
            Optional.ofNullable(given.get("--service")));
    MessageVerifier verifier = new MessageVerifier(policy, keys(given)); // make one, and keep it
    return message.has("body")
        ? verifier.verify(requestOf(message), message.get("body").asText().getBytes(StandardCharsets.UTF_8))
        : verifier.verify(requestOf(message));
  }

  /** The secret, if it is the one that is named; otherwise what is published. */
  private static VerifyingKeys keys(Map<String, String> given) throws IOException, InterruptedException {
    Optional<VerifyingKey> shared = Optional.empty();
    if (given.containsKey("--hmac")) {
      String[] secret = given.get("--hmac").split("=", 2);
      shared = Optional.of(VerifyingKey.hmacSha256(secret[0], Base64.getDecoder().decode(secret[1])));
    }
    Optional<VerifyingKey> secret = shared;
    VerifyingKeys published = VerifyingKeys.ofJwks(fetched(given.get("--jwks")));
    return keyid -> secret.filter(key -> key.keyid().equals(keyid)).or(() -> published.of(keyid));
  }

  /** An application fetches once, and again when a key is named that it does not have. */
  private static String fetched(String url) throws IOException, InterruptedException {
    try (HttpClient http = HttpClient.newHttpClient()) {
      HttpResponse<String> answer =
          http.send(HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofString());
      if (answer.statusCode() != 200) {
        throw new IOException("the keys were answered " + answer.statusCode());
      }
      return answer.body();
    }
  }

  private static Message.Request requestOf(JsonNode message) {
    Map<String, List<String>> headers = new HashMap<>();
    message
        .get("headers")
        .properties()
        .forEach(
            header -> {
              List<String> values = new ArrayList<>();
              if (header.getValue().isArray()) {
                header.getValue().forEach(value -> values.add(value.asText()));
              } else {
                values.add(header.getValue().asText());
              }
              headers.put(header.getKey(), values);
            });
    return Message.request(
        message.get("method").asText(),
        URI.create(
            message.path("scheme").asText("http")
                + "://"
                + message.get("authority").asText()
                + message.path("path").asText("/")
                + message.path("query").asText("")),
        headers);
  }
}

package dev.gatehouse.contract.verifying;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import dev.gatehouse.contract.context.ContextSigner;
import dev.gatehouse.contract.context.SigningKeys;
import dev.gatehouse.contract.context.TenantContext;
import dev.gatehouse.contract.signature.Component;
import dev.gatehouse.contract.signature.ContentDigest;
import dev.gatehouse.contract.signature.Message;
import dev.gatehouse.contract.signature.MessageSigner;
import dev.gatehouse.contract.signature.SignatureHeaders;
import dev.gatehouse.contract.signature.SignatureProfile;
import dev.gatehouse.contract.signature.SigningKey;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(120)
class VerifierScriptsTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String BODY = "{\"amount\":1}";
  private static final byte[] SECRET = "0123456789abcdef0123456789abcdef".getBytes(UTF_8);
  private static final List<Component> COMPONENTS =
      List.of(
          Component.Derived.METHOD,
          Component.Derived.AUTHORITY,
          Component.Derived.PATH,
          Component.Derived.QUERY,
          Component.Derived.TARGET_URI,
          Component.of("content-digest"),
          Component.of("x-tenant-context"));
  private static final List<String> REQUIRED =
      List.of("@method", "@path", "content-digest", "x-tenant-context");

  private final Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
  private final String contextKey = SigningKeys.generate();
  private final String nextContextKey = SigningKeys.generate();
  private final String messageKey = SigningKey.generateEd25519();
  private final ContextSigner signer = ContextSigner.of(contextKey);
  private final ContextSigner nextSigner = ContextSigner.of(nextContextKey);
  private final KeyServer server;

  VerifierScriptsTest() throws Exception {
    server = new KeyServer(jwks(contextKey), jwks(contextKey, nextContextKey));
  }

  @AfterEach
  void close() {
    server.close();
  }

  private String jwks(String... contextKeys) throws Exception {
    List<JWK> keys = new ArrayList<>();
    for (String key : contextKeys) {
      keys.add(ECKey.parse(key));
    }
    keys.add(OctetKeyPair.parse(messageKey));
    return new JWKSet(keys).toString(true);
  }

  private TenantContext context(String service, Instant issuedAt, Instant expiresAt) {
    return new TenantContext(
        UUID.fromString("0197c0de-0000-7000-8000-000000000001"),
        "acme",
        "robot",
        Set.of("reader"),
        "api-key",
        service,
        issuedAt,
        expiresAt);
  }

  private TenantContext valid() {
    return context("app", now, now.plusSeconds(60));
  }

  private static Map<String, Object> check(String token) {
    return Map.of("token", token, "service", "app");
  }

  private static Map<String, Object> wait(int seconds) {
    return Map.of("wait", seconds);
  }

  private Map<String, Object> visit(String path) {
    return Map.of("visit", server.url(path));
  }

  private List<JsonNode> drive(Script script, List<Map<String, Object>> steps) throws Exception {
    Script.Outcome outcome =
        script.drive(
            JSON.writeValueAsString(
                Map.of(
                    "folder", Script.folder().toString(),
                    "jwks", server.url("/jwks.json"),
                    "steps", steps)));
    assertThat(outcome.exitCode()).as(outcome.errors()).isZero();
    List<JsonNode> answers = new ArrayList<>();
    JSON.readTree(outcome.output()).forEach(answers::add);
    return answers;
  }

  private void assertAllRefused(Script script, Map<String, Map<String, Object>> attacks)
      throws Exception {
    List<JsonNode> answers = drive(script, List.copyOf(attacks.values()));
    List<String> names = List.copyOf(attacks.keySet());

    assertThat(answers).hasSameSizeAs(names);
    for (int i = 0; i < names.size(); i++) {
      assertThat(answers.get(i).has("Refused")).as("%s: %s", names.get(i), answers.get(i)).isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource
  void theCommandSaysWhatAContextSays(Script script) throws Exception {
    Script.Outcome outcome =
        script.command(
            "verify",
            signer.sign(valid()) + "\n",
            "--service",
            "app",
            "--jwks",
            server.url("/jwks.json"));

    assertThat(outcome.errors()).isEmpty();
    assertThat(outcome.exitCode()).isZero();
    JsonNode claims = JSON.readTree(outcome.output());
    assertThat(claims.path("tid").asText()).isEqualTo(valid().tenantId().toString());
    assertThat(claims.path("tenant").asText()).isEqualTo("acme");
    assertThat(claims.path("sub").asText()).isEqualTo("robot");
  }

  @ParameterizedTest
  @EnumSource
  void theCommandSaysWhyItRefuses(Script script) throws Exception {
    Script.Outcome outcome =
        script.command(
            "verify",
            signer.sign(valid()),
            "--service",
            "billing",
            "--jwks",
            server.url("/jwks.json"));

    assertThat(outcome.exitCode()).isEqualTo(1);
    assertThat(outcome.output()).isEmpty();
    assertThat(outcome.errors()).startsWith("Refused: ").doesNotContain("Traceback");
  }

  @ParameterizedTest
  @EnumSource
  void theCommandSaysWhenItCannotTell(Script script) throws Exception {
    Script.Outcome outcome =
        script.command(
            "verify",
            signer.sign(valid()),
            "--service",
            "app",
            "--jwks",
            server.url("/nothing-here"));

    assertThat(outcome.exitCode()).isEqualTo(2);
    assertThat(outcome.errors()).startsWith("KeysUnavailable: ");
  }

  @ParameterizedTest
  @EnumSource
  void theCommandVerifiesAMessage(Script script) throws Exception {
    String shared = "shared=" + Base64.getEncoder().encodeToString(SECRET);
    for (SigningKey key :
        List.of(SigningKey.of(messageKey), SigningKey.hmacSha256("shared", SECRET))) {
      Map<String, Object> step = signed(key, SignatureProfile.over(COMPONENTS), now, _ -> {});
      Map<String, Object> message = new TreeMap<>(asMap(step.get("message")));
      message.put("body", BODY);

      Script.Outcome outcome =
          script.command(
              "verify_message",
              JSON.writeValueAsString(message),
              "--jwks",
              server.url("/jwks.json"),
              "--hmac",
              shared);

      assertThat(outcome.errors()).isEmpty();
      assertThat(JSON.readTree(outcome.output()).path("parameters").path("keyid").asText())
          .isEqualTo(key.keyid());
    }
  }

  @ParameterizedTest
  @EnumSource
  void refusesContextsThatMustNotBeBelieved(Script script) throws Exception {
    String good = signer.sign(valid());
    JWTClaimsSet claims = SignedJWT.parse(good).getJWTClaimsSet();
    JWSSigner ec = new ECDSASigner(ECKey.parse(contextKey));
    String kid = SigningKeys.kidOf(contextKey);
    byte[] published = ECKey.parse(contextKey).toPublicJWK().toJSONString().getBytes(UTF_8);
    ECKey impostor = new ECKey.Builder(ECKey.parse(SigningKeys.generate())).keyID(kid).build();
    int dot = good.indexOf('.');

    Map<String, Map<String, Object>> attacks = new LinkedHashMap<>();
    attacks.put("expired", check(signer.sign(context("app", ago(120), ago(60)))));
    attacks.put("from the future", check(signer.sign(context("app", ago(-60), ago(-120)))));
    attacks.put("for another service", check(signer.sign(context("billing", now, ago(-60)))));
    attacks.put("alg none", check(new PlainJWT(claims).serialize()));
    attacks.put(
        "alg none with the headers of a context",
        check(
            Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(
                        "{\"alg\":\"none\",\"typ\":\"%s\",\"kid\":\"%s\"}"
                            .formatted(TenantContext.TYPE, kid)
                            .getBytes(UTF_8))
                + good.substring(dot, good.lastIndexOf('.') + 1)));
    attacks.put("another typ", check(jws(header(JWSAlgorithm.ES256, "JWT", kid), claims, ec)));
    attacks.put(
        "the public key as a secret",
        check(
            jws(
                header(JWSAlgorithm.HS256, TenantContext.TYPE, kid),
                claims,
                new MACSigner(published))));
    attacks.put("an unknown kid", check(nextSigner.sign(valid())));
    attacks.put(
        "the kid of the key for messages",
        check(
            jws(
                header(
                    JWSAlgorithm.ES256,
                    TenantContext.TYPE,
                    OctetKeyPair.parse(messageKey).getKeyID()),
                claims,
                ec)));
    attacks.put("another key", check(ContextSigner.of(impostor.toJSONString()).sign(valid())));
    attacks.put(
        "a critical extension",
        check(
            jws(
                new JWSHeader.Builder(header(JWSAlgorithm.ES256, TenantContext.TYPE, kid))
                    .criticalParams(Set.of("exp"))
                    .build(),
                claims,
                ec)));
    attacks.put(
        "another issuer",
        check(
            jws(
                header(JWSAlgorithm.ES256, TenantContext.TYPE, kid),
                new JWTClaimsSet.Builder(claims).issuer("somebody").build(),
                ec)));
    for (String claim : List.of("iss", "aud", "sub", "tid", "tenant", "iat", "exp")) {
      attacks.put(
          "without " + claim,
          check(
              jws(
                  header(JWSAlgorithm.ES256, TenantContext.TYPE, kid),
                  new JWTClaimsSet.Builder(claims).claim(claim, null).build(),
                  ec)));
    }
    for (int i = dot + 1; i < good.lastIndexOf('.'); i += 7) {
      attacks.put("tampered at " + i, check(tampered(good, i)));
    }
    attacks.put("zeros", check(good.substring(0, good.lastIndexOf('.') + 1) + "A".repeat(86)));
    attacks.put("too long", check(good + "A".repeat(8192)));
    for (String nothing : List.of("", ".", "..", "a.b.c", "{}", "e30.e30.", "\u0000")) {
      attacks.put("no token: " + nothing, check(nothing));
    }

    assertAllRefused(script, attacks);
  }

  private Instant ago(int seconds) {
    return now.minusSeconds(seconds);
  }

  private static JWSHeader header(JWSAlgorithm algorithm, String type, String kid) {
    return new JWSHeader.Builder(algorithm).type(new JOSEObjectType(type)).keyID(kid).build();
  }

  private static String jws(JWSHeader header, JWTClaimsSet claims, JWSSigner with)
      throws Exception {
    SignedJWT jwt = new SignedJWT(header, claims);
    jwt.sign(with);
    return jwt.serialize();
  }

  private static String tampered(String token, int at) {
    return token.substring(0, at) + (token.charAt(at) == 'A' ? 'B' : 'A') + token.substring(at + 1);
  }

  @ParameterizedTest
  @EnumSource
  void fetchesTheKeysOnceInFiveMinutes(Script script) throws Exception {
    List<JsonNode> answers =
        drive(
            script,
            List.of(
                check(signer.sign(valid())),
                check(nextSigner.sign(valid())),
                wait(29),
                check(nextSigner.sign(valid())),
                check(signer.sign(valid()))));

    assertThat(answers.get(0).path("tenant").asText()).isEqualTo("acme");
    assertThat(answers.get(1).has("Refused")).isTrue();
    assertThat(answers.get(2).has("Refused")).isTrue();
    assertThat(answers.get(3).path("tenant").asText()).isEqualTo("acme");
    assertThat(server.fetches()).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource
  void fetchesAgainForAnUnknownKidAfterHalfAMinute(Script script) throws Exception {
    List<JsonNode> answers =
        drive(
            script,
            List.of(
                check(signer.sign(valid())),
                visit("/rotate"),
                wait(30),
                check(nextSigner.sign(valid())),
                check(signer.sign(valid()))));

    assertThat(answers).allMatch(answer -> answer.has("tenant"));
    assertThat(server.fetches()).isEqualTo(2);
  }

  @ParameterizedTest
  @EnumSource
  void keepsTheKeysWhileTheyCannotBeFetched(Script script) throws Exception {
    List<JsonNode> answers =
        drive(
            script,
            List.of(
                visit("/down"),
                check(signer.sign(valid())),
                visit("/up"),
                wait(1),
                check(signer.sign(valid())),
                visit("/down"),
                wait(301),
                check(signer.sign(valid())),
                check(signer.sign(valid())),
                check(nextSigner.sign(valid())),
                wait(86_400),
                check(signer.sign(valid()))));

    assertThat(answers.get(0).has("KeysUnavailable")).isTrue();
    assertThat(answers.subList(1, 4)).allMatch(answer -> answer.has("tenant"));
    assertThat(answers.get(4).has("KeysUnavailable")).isTrue();
    assertThat(answers.get(5).has("KeysUnavailable")).isTrue();
    assertThat(server.fetches()).isEqualTo(4);
  }

  @ParameterizedTest
  @EnumSource
  void refusesMessagesThatMustNotBeBelieved(Script script) throws Exception {
    SigningKey key = SigningKey.of(messageKey);
    SignatureProfile profile = SignatureProfile.over(COMPONENTS);
    byte[] publicKey = OctetKeyPair.parse(messageKey).getDecodedX();
    OctetKeyPair impostor =
        new OctetKeyPair.Builder(OctetKeyPair.parse(SigningKey.generateEd25519()))
            .keyID(key.keyid())
            .build();

    Map<String, Map<String, Object>> attacks = new LinkedHashMap<>();
    attacks.put("too old", signed(key, profile, ago(90), _ -> {}));
    attacks.put("from the future", signed(key, profile, ago(-60), _ -> {}));
    attacks.put(
        "expired",
        signed(
            key,
            new SignatureProfile(
                "gatehouse",
                COMPONENTS,
                Optional.of(Duration.ofSeconds(1)),
                Optional.empty(),
                true),
            ago(30),
            _ -> {}));
    attacks.put(
        "another label",
        signed(
            key,
            new SignatureProfile("client", COMPONENTS, Optional.empty(), Optional.empty(), true),
            now,
            _ -> {}));
    attacks.put(
        "an unknown key",
        signed(SigningKey.of(SigningKey.generateEd25519()), profile, now, _ -> {}));
    attacks.put(
        "another key", signed(SigningKey.of(impostor.toJSONString()), profile, now, _ -> {}));
    attacks.put(
        "the public key as a secret",
        signed(SigningKey.hmacSha256(key.keyid(), publicKey), profile, now, _ -> {}));
    attacks.put(
        "the key for contexts",
        signed(
            SigningKey.hmacSha256(SigningKeys.kidOf(contextKey), publicKey),
            new SignatureProfile(
                "gatehouse", COMPONENTS, Optional.empty(), Optional.empty(), false),
            now,
            _ -> {}));
    attacks.put(
        "a component never covered",
        signed(key, SignatureProfile.over(COMPONENTS.subList(0, 5)), now, _ -> {}));
    change(attacks, "another method", parts -> parts.put("method", "DELETE"));
    change(attacks, "another path", parts -> parts.put("path", "/admin"));
    change(attacks, "another query", parts -> parts.put("query", "?limit=6"));
    change(attacks, "another authority", parts -> parts.put("authority", "billing"));
    header(attacks, "another header", "x-tenant-context", _ -> List.of("d.e.f"));
    header(attacks, "a header twice", "x-tenant-context", v -> List.of(v, v));
    header(attacks, "no header", "x-tenant-context", _ -> List.of());
    header(
        attacks,
        "another digest",
        "content-digest",
        _ -> List.of(ContentDigest.of("other".getBytes(UTF_8))));
    header(attacks, "no signature", "signature", _ -> List.of());
    header(attacks, "a label twice", "signature", v -> List.of(v, v));
    header(attacks, "zeros", "signature", _ -> List.of("gatehouse=:" + "A".repeat(86) + "==:"));
    header(attacks, "short", "signature", _ -> List.of("gatehouse=:AAAA:"));
    header(attacks, "huge", "signature", v -> List.of(v, "a".repeat(9000)));
    input(attacks, "a component removed", v -> v.replace(" \"x-tenant-context\"", ""));
    input(attacks, "a component added", v -> v.replace(")", " \"signature\")"));
    input(attacks, "a component twice", v -> v.replace(")", " \"@method\")"));
    input(attacks, "a component's parameter", v -> v.replace("\"@path\"", "\"@path\";req"));
    input(attacks, "another alg", v -> v.replace("ed25519", "hmac-sha256"));
    input(attacks, "alg none", v -> v.replace("ed25519", "none"));
    input(attacks, "a parameter twice", v -> v + ";created=" + now.getEpochSecond());
    input(attacks, "an unknown parameter", v -> v + ";x=1");
    input(attacks, "no created", v -> v.replaceFirst(";created=\\d+", ""));
    input(attacks, "no keyid", v -> v.replaceFirst(";keyid=\"[^\"]*\"", ""));
    input(attacks, "a trailing comma", v -> v + ",");
    input(attacks, "an open list", v -> v.replace(")", ""));
    input(attacks, "a long list", v -> v + ", a=(" + "\"a\" ".repeat(2000) + ")");
    input(attacks, "many parameters", v -> v + ";a" + "=1;a".repeat(1900) + "!");
    Map<String, Object> body = new LinkedHashMap<>(signed(key, profile, now, _ -> {}));
    body.put("body", "{\"amount\":9}");
    attacks.put("another body", body);

    assertAllRefused(script, attacks);
  }

  @ParameterizedTest
  @EnumSource
  void looksAtNoOtherSignatureOfAMessage(Script script) throws Exception {
    Map<String, Object> step =
        signed(
            SigningKey.of(messageKey),
            SignatureProfile.over(COMPONENTS),
            now,
            parts -> {
              Map<String, Object> headers = asMap(parts.get("headers"));
              headers.put(
                  "signature-input",
                  List.of(
                      "client=(\"a\";sf \"b\";key=\"c\");x=tok", text(headers, "signature-input")));
              headers.put("signature", List.of("client=:AAAA:", text(headers, "signature")));
            });

    assertThat(drive(script, List.of(step)).getFirst().path("components"))
        .extracting(JsonNode::asText)
        .contains("@target-uri", "x-tenant-context");
  }

  private void change(
      Map<String, Map<String, Object>> attacks, String name, Consumer<Map<String, Object>> change)
      throws Exception {
    attacks.put(
        name, signed(SigningKey.of(messageKey), SignatureProfile.over(COMPONENTS), now, change));
  }

  private void header(
      Map<String, Map<String, Object>> attacks,
      String name,
      String header,
      Function<String, List<String>> values)
      throws Exception {
    change(
        attacks,
        name,
        parts -> {
          Map<String, Object> headers = asMap(parts.get("headers"));
          headers.put(header, values.apply(text(headers, header)));
        });
  }

  private void input(
      Map<String, Map<String, Object>> attacks, String name, UnaryOperator<String> change)
      throws Exception {
    header(attacks, name, "signature-input", value -> List.of(change.apply(value)));
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> asMap(@Nullable Object node) {
    return (Map<String, Object>) Objects.requireNonNull(node);
  }

  private static String text(Map<String, Object> headers, String name) {
    return String.valueOf(headers.get(name));
  }

  /** A step with a message that was signed, and changed after it was. */
  private Map<String, Object> signed(
      SigningKey key,
      SignatureProfile profile,
      Instant created,
      Consumer<Map<String, Object>> change)
      throws Exception {
    Map<String, Object> headers = new TreeMap<>();
    headers.put("content-digest", ContentDigest.of(BODY.getBytes(UTF_8)));
    headers.put("x-tenant-context", "a.b.c");
    Map<String, List<String>> lists = new TreeMap<>();
    headers.forEach((name, value) -> lists.put(name, List.of(String.valueOf(value))));
    Message.Request request =
        Message.request("POST", URI.create("http://App:80/orders%20x?limit=5"), lists);
    SignatureHeaders signature = new MessageSigner(key, profile).sign(request, created, "n-1");
    headers.put("signature-input", signature.input());
    headers.put("signature", signature.signature());
    Map<String, Object> parts = new TreeMap<>();
    parts.put("method", request.method());
    parts.put("scheme", request.scheme());
    parts.put("authority", request.authority());
    parts.put("path", request.path());
    parts.put("query", request.query());
    parts.put("headers", headers);
    change.accept(parts);
    return Map.of(
        "message", parts,
        "body", BODY,
        "required", REQUIRED,
        "secrets", Map.of("shared", Base64.getEncoder().encodeToString(SECRET)));
  }

  @ParameterizedTest
  @EnumSource
  void verifiesManyMessages(Script script) throws Exception {
    List<Map<String, Object>> steps = new ArrayList<>();
    for (int i : IntStream.range(0, 40).toArray()) {
      SigningKey key =
          i % 2 == 0 ? SigningKey.of(messageKey) : SigningKey.hmacSha256("shared", SECRET);
      steps.add(signed(key, SignatureProfile.over(COMPONENTS), now.minusSeconds(i), _ -> {}));
    }

    assertThat(drive(script, steps)).hasSize(40).allMatch(answer -> answer.has("components"));
  }
}

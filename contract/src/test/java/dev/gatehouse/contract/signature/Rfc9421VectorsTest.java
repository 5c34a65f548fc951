package dev.gatehouse.contract.signature;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatehouse.contract.signature.StructuredFields.InnerList;
import dev.gatehouse.contract.signature.StructuredFields.Item;
import dev.gatehouse.contract.signature.StructuredFields.Text;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.security.spec.X509EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The examples of RFC 9421 and RFC 9530, as they are printed there. */
@Timeout(30)
class Rfc9421VectorsTest {
  private static final JsonNode RFC = read("/signature/rfc9421.json");
  private static final Instant CREATED = Instant.ofEpochSecond(1_618_884_473);

  private static JsonNode read(String resource) {
    try (InputStream in = Rfc9421VectorsTest.class.getResourceAsStream(resource)) {
      return new ObjectMapper().readTree(Objects.requireNonNull(in, resource));
    } catch (IOException e) {
      throw new IllegalStateException(resource, e);
    }
  }

  private static Stream<Named<JsonNode>> named(JsonNode array, String by) {
    return StreamSupport.stream(array.spliterator(), false)
        .map(node -> Named.of(node.path(by).asText(), node));
  }

  static Stream<Named<JsonNode>> examples() {
    return named(RFC.path("examples"), "section");
  }

  static Stream<Named<JsonNode>> cases() {
    return named(RFC.path("cases"), "section");
  }

  static Stream<Named<JsonNode>> casesOfImplementedAlgorithms() {
    return cases().filter(c -> !key(c.getPayload()).has("publicKey"));
  }

  static Stream<Named<JsonNode>> casesOfOtherAlgorithms() {
    return cases().filter(c -> key(c.getPayload()).has("publicKey"));
  }

  static Stream<Named<JsonNode>> transformed() {
    return named(RFC.path("transformed"), "what");
  }

  static Stream<Named<JsonNode>> digests() {
    return named(read("/signature/rfc9530.json").path("responses"), "contentDigest");
  }

  private static JsonNode key(JsonNode testCase) {
    return RFC.path("keys").path(testCase.path("key").asText());
  }

  private static Message messageOf(JsonNode testCase) {
    return message(RFC.path("messages").path(testCase.path("message").asText()), Map.of());
  }

  private static Message message(JsonNode node, Map<String, List<String>> added) {
    Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    node.path("headers")
        .forEach(header ->
            headers
                .computeIfAbsent(header.get(0).asText(), _ -> new ArrayList<>())
                .add(header.get(1).asText()));
    headers.putAll(added);
    if (node.has("status")) {
      return Message.response(node.path("status").asInt(), headers);
    }
    String host = headers.getOrDefault("host", List.of("none.example")).getFirst().trim();
    return Message.request(
        node.path("method").asText(),
        URI.create("https://" + host + node.path("target").asText()),
        headers);
  }

  private static List<Component> componentsOf(JsonNode testCase) throws SignatureRefusedException {
    return componentsOf(testCase.path("signatureInput").asText());
  }

  /** The components of the only list of a dictionary. */
  private static List<Component> componentsOf(String dictionary) throws SignatureRefusedException {
    List<Component> components = new ArrayList<>();
    for (StructuredFields.Member member :
        StructuredFields.dictionary("vector", List.of(dictionary)).values()) {
      ((InnerList) member).items().forEach(item -> components.add(componentOf(item)));
    }
    return components;
  }

  private static Component componentOf(Item item) {
    String name = ((Text) item.value()).text();
    return item.parameters().get("name") instanceof Text(String parameter)
        ? new Component.QueryParameter(parameter)
        : Component.of(name);
  }

  /** The parameters as they stand in the vector. */
  private static String parametersOf(JsonNode testCase) {
    String input = testCase.path("signatureInput").asText();
    return input.substring(input.indexOf('=') + 1);
  }

  private static String labelOf(JsonNode testCase) {
    String input = testCase.path("signatureInput").asText();
    return input.substring(0, input.indexOf('='));
  }

  private static byte[] signatureOf(JsonNode testCase) {
    String signature = testCase.path("signature").asText();
    return Base64.getDecoder()
        .decode(signature.substring(signature.indexOf(':') + 1, signature.length() - 1));
  }

  @ParameterizedTest
  @MethodSource("examples")
  void writesTheLinesOfSection2(JsonNode example) throws Exception {
    List<String> lines = new ArrayList<>();
    List<Component> components = new ArrayList<>();
    for (JsonNode line : example.path("lines")) {
      lines.add(line.asText());
      String identifier = line.asText().substring(0, line.asText().indexOf(": "));
      // The identifier of a line is an item, as in the list of components.
      components.addAll(componentsOf("a=(" + identifier + ")"));
    }

    String base =
        SignatureBase.over(components).of(message(example.path("message"), Map.of()), "()");

    assertThat(base).isEqualTo(String.join("\n", lines) + "\n\"@signature-params\": ()");
  }

  @ParameterizedTest
  @MethodSource("cases")
  void buildsTheBase(JsonNode testCase) throws Exception {
    SignatureBase base = SignatureBase.over(componentsOf(testCase));

    assertThat(base.of(messageOf(testCase), parametersOf(testCase)))
        .isEqualTo(testCase.path("base").asText());
  }

  /** The algorithms that this package does not have: the printed signatures fit to its bases. */
  @ParameterizedTest
  @MethodSource("casesOfOtherAlgorithms")
  void buildsTheBaseThatWasSigned(JsonNode testCase) throws Exception {
    String base =
        SignatureBase.over(componentsOf(testCase)).of(messageOf(testCase), parametersOf(testCase));
    boolean rsa = testCase.path("key").asText().contains("rsa");
    PublicKey publicKey =
        KeyFactory.getInstance(rsa ? "RSA" : "EC")
            .generatePublic(
                new X509EncodedKeySpec(
                    Base64.getDecoder().decode(key(testCase).path("publicKey").asText())));
    Signature signature =
        Signature.getInstance(rsa ? "RSASSA-PSS" : "SHA256withECDSAinP1363Format");
    if (rsa) {
      signature.setParameter(
          new PSSParameterSpec("SHA-512", "MGF1", MGF1ParameterSpec.SHA512, 64, 1));
    }
    signature.initVerify(publicKey);
    signature.update(base.getBytes(ISO_8859_1));

    assertThat(signature.verify(signatureOf(testCase))).isTrue();
  }

  @ParameterizedTest
  @MethodSource("casesOfImplementedAlgorithms")
  void makesTheSameSignature(JsonNode testCase) throws Exception {
    SigningKey key =
        key(testCase).has("jwk")
            ? SigningKey.of(key(testCase).path("jwk").toString())
            : SigningKey.hmacSha256(testCase.path("key").asText(), secret(testCase));
    MessageSigner signer =
        new MessageSigner(
            key,
            new SignatureProfile(
                labelOf(testCase),
                componentsOf(testCase),
                Optional.empty(),
                Optional.empty(),
                false));

    SignatureHeaders headers = signer.sign(messageOf(testCase), CREATED);

    assertThat(headers.input()).isEqualTo(testCase.path("signatureInput").asText());
    assertThat(headers.signature()).isEqualTo(testCase.path("signature").asText());
  }

  @ParameterizedTest
  @MethodSource("casesOfImplementedAlgorithms")
  void verifiesTheSignature(JsonNode testCase) throws Exception {
    JsonNode message = RFC.path("messages").path(testCase.path("message").asText());

    VerifiedSignature verified = verifier(testCase).verify(message(message, headers(testCase)));

    assertThat(verified.key()).isEqualTo(testCase.path("key").asText());
    assertThat(verified.components()).isEqualTo(componentsOf(testCase));
  }

  @ParameterizedTest
  @MethodSource("transformed")
  void allowsTheTransformationsOfB4(JsonNode transformation) throws Exception {
    JsonNode testCase =
        cases()
            .map(Named::getPayload)
            .filter(c -> c.path("section").asText().equals("B.4"))
            .findFirst()
            .orElseThrow();
    Message message = message(transformation.path("message"), headers(testCase));

    if (transformation.path("verifies").asBoolean()) {
      assertThat(verifier(testCase).verify(message).key()).isEqualTo("test-key-ed25519");
    } else {
      assertThatThrownBy(() -> verifier(testCase).verify(message))
          .isInstanceOf(SignatureRefusedException.class);
    }
  }

  @ParameterizedTest
  @MethodSource("digests")
  void digestsBodies(JsonNode response) throws Exception {
    byte[] body = response.path("body").asText().getBytes(UTF_8);
    String header = response.path("contentDigest").asText();

    assertThat(ContentDigest.of(body)).isEqualTo(header);
    ContentDigest.check(List.of(header), body);
  }

  private static byte[] secret(JsonNode testCase) {
    return Base64.getDecoder().decode(key(testCase).path("secret").asText());
  }

  private static Map<String, List<String>> headers(JsonNode testCase) {
    return Map.of(
        "Signature-Input", List.of(testCase.path("signatureInput").asText()),
        "Signature", List.of(testCase.path("signature").asText()));
  }

  private static MessageVerifier verifier(JsonNode testCase) {
    VerifyingKey key =
        key(testCase).has("jwk")
            ? VerifyingKey.of(key(testCase).path("jwk").toString())
            : VerifyingKey.hmacSha256(testCase.path("key").asText(), secret(testCase));
    return new MessageVerifier(
        new VerificationPolicy(
            labelOf(testCase),
            List.of(Component.Derived.AUTHORITY),
            Duration.ofSeconds(60),
            Duration.ofSeconds(5),
            Optional.empty()),
        VerifyingKeys.of(List.of(key)),
        InstantSource.fixed(CREATED.plusSeconds(10)));
  }
}

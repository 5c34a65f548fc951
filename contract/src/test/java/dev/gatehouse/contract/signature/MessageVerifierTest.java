package dev.gatehouse.contract.signature;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.jwk.OctetKeyPair;
import dev.gatehouse.contract.context.ContextVerifier;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class MessageVerifierTest {
  private static final Instant NOW = Instant.ofEpochSecond(1_800_000_000);
  private static final byte[] BODY = "{\"amount\":1}".getBytes(UTF_8);
  private static final byte[] SECRET = "0123456789abcdef0123456789abcdef".getBytes(UTF_8);
  private static final List<Component> COMPONENTS =
      List.of(
          Component.Derived.METHOD,
          Component.Derived.AUTHORITY,
          Component.Derived.PATH,
          Component.Derived.QUERY,
          Component.of("content-digest"),
          Component.of("x-tenant-context"));

  private final String jwk = SigningKey.generateEd25519();
  private final SigningKey ed25519 = SigningKey.of(jwk);
  private final VerifyingKeys keys =
      VerifyingKeys.of(List.of(VerifyingKey.of(jwk), VerifyingKey.hmacSha256("shared", SECRET)));
  private final MessageVerifier verifier =
      new MessageVerifier(VerificationPolicy.requiring(COMPONENTS), keys, InstantSource.fixed(NOW));

  /** A request that can be changed after it was signed. */
  private static final class Draft {
    private String method = "POST";
    private String uri = "https://app.internal/orders?limit=5";
    private final Map<String, List<String>> headers =
        new TreeMap<>(
            Map.of(
                "content-digest", List.of(ContentDigest.of(BODY)),
                "x-tenant-context", List.of("a.b.c")));

    Message message() {
      return Message.request(method, URI.create(uri), headers);
    }

    Draft with(String name, String... values) {
      headers.put(name, List.of(values));
      return this;
    }

    String input() {
      return headers.getOrDefault("signature-input", List.of()).getFirst();
    }

    String signature() {
      return headers.getOrDefault("signature", List.of()).getFirst();
    }
  }

  private Draft signed() throws Exception {
    return signed(ed25519, SignatureProfile.over(COMPONENTS), NOW);
  }

  private static Draft signed(SigningKey key, SignatureProfile profile, Instant created)
      throws Exception {
    Draft draft = new Draft();
    SignatureHeaders headers =
        new MessageSigner(key, profile).sign(draft.message(), created, "n-1");
    return draft.with("signature-input", headers.input()).with("signature", headers.signature());
  }

  private void assertRefused(Draft draft, String why) {
    Message message = draft.message();
    assertThatThrownBy(() -> verifier.verify(message, BODY))
        .isInstanceOf(SignatureRefusedException.class)
        .hasMessageContaining(why);
  }

  @Test
  void saysWhatTheSignatureCovers() throws Exception {
    VerifiedSignature verified = verifier.verify(signed().message(), BODY);

    assertThat(verified.key()).isEqualTo(ed25519.keyid());
    assertThat(verified.components()).isEqualTo(COMPONENTS);
    assertThat(verified.parameters().nonce()).contains("n-1");
    assertThat(verified.parameters().created()).hasValue(NOW.getEpochSecond());
  }

  @Test
  void verifiesASharedSecret() throws Exception {
    Draft draft =
        signed(SigningKey.hmacSha256("shared", SECRET), SignatureProfile.over(COMPONENTS), NOW);

    assertThat(verifier.verify(draft.message(), BODY).key()).isEqualTo("shared");
  }

  @Test
  void looksAtNoOtherSignatureOfTheMessage() throws Exception {
    Draft draft = signed();
    draft
        .with("signature-input", "client=(\"@method\";req \"x\";sf);a=?0", draft.input())
        .with("signature", "client=:AAAA:", draft.signature());

    assertThat(verifier.verify(draft.message(), BODY).key()).isEqualTo(ed25519.keyid());
  }

  @Test
  void verifiesWithTheKeysOfAJwks() throws Exception {
    String jwks =
        "{\"keys\":[{\"kty\":\"oct\",\"kid\":\"weak\",\"k\":\"AAAA\"},%s]}"
            .formatted(OctetKeyPair.parse(jwk).toPublicJWK().toJSONString());
    MessageVerifier published =
        new MessageVerifier(
            VerificationPolicy.requiring(COMPONENTS),
            VerifyingKeys.ofJwks(jwks),
            InstantSource.fixed(NOW));

    assertThat(published.verify(signed().message(), BODY).key()).isEqualTo(ed25519.keyid());
    assertThat(VerifyingKeys.ofJwks(jwks).of("weak")).isEmpty();
  }

  @Test
  void manyThreadsSignAndVerifyAtOnce() throws Exception {
    MessageSigner signer = new MessageSigner(ed25519, SignatureProfile.over(COMPONENTS));
    List<Callable<VerifiedSignature>> work =
        IntStream.range(0, 200)
            .<Callable<VerifiedSignature>>mapToObj(i ->
                () -> {
                  Draft draft = new Draft();
                  draft.uri = "https://app.internal/orders/" + i;
                  SignatureHeaders headers = signer.sign(draft.message(), NOW);
                  draft
                      .with("signature-input", headers.input())
                      .with("signature", headers.signature());
                  return verifier.verify(draft.message(), BODY);
                })
            .toList();
    try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
      for (Future<VerifiedSignature> done : threads.invokeAll(work)) {
        assertThat(done.get().key()).isEqualTo(ed25519.keyid());
      }
    }
  }

  @Test
  void refusesAnotherMethodPathQueryOrAuthority() throws Exception {
    Draft method = signed();
    method.method = "DELETE";
    Draft path = signed();
    path.uri = "https://app.internal/admin?limit=5";
    Draft query = signed();
    query.uri = "https://app.internal/orders?limit=6";
    Draft authority = signed();
    authority.uri = "https://billing.internal/orders?limit=5";

    for (Draft changed : List.of(method, path, query, authority)) {
      assertRefused(changed, "does not verify");
    }
  }

  @Test
  void refusesAChangedOrAddedHeader() throws Exception {
    assertRefused(signed().with("x-tenant-context", "d.e.f"), "does not verify");
    assertRefused(signed().with("x-tenant-context", "a.b.c", "d.e.f"), "does not verify");
  }

  @Test
  void refusesAComponentTakenFromTheList() throws Exception {
    for (Component component : COMPONENTS) {
      Draft draft = signed();
      String fewer =
          COMPONENTS.stream()
              .filter(c -> !c.equals(component))
              .map(Component::identifier)
              .collect(Collectors.joining(" ", "(", ")"));
      draft.with("signature-input", draft.input().replaceFirst("\\(.*\\)", fewer));

      assertRefused(draft, "does not cover " + component.identifier());
    }
  }

  @Test
  void refusesAListThatNeverHadTheComponent() throws Exception {
    List<Component> fewer = COMPONENTS.subList(0, COMPONENTS.size() - 1);

    assertRefused(signed(ed25519, SignatureProfile.over(fewer), NOW), "does not cover");
  }

  @Test
  void refusesAComponentAddedToTheList() throws Exception {
    Draft draft = signed().with("x-more", "1");
    draft.with("signature-input", draft.input().replace(")", " \"x-more\")"));

    assertRefused(draft, "does not verify");
  }

  @Test
  void refusesComponentsInAnotherOrder() throws Exception {
    Draft draft = signed();
    draft.with(
        "signature-input",
        draft.input().replace("\"@method\" \"@authority\"", "\"@authority\" \"@method\""));

    assertRefused(draft, "does not verify");
  }

  @Test
  void refusesParametersInAnotherOrder() throws Exception {
    Draft draft = signed();
    draft.with(
        "signature-input",
        draft.input().replaceFirst("(;created=\\d+)(;keyid=\"[^\"]*\")", "$2$1"));

    assertRefused(draft, "does not verify");
  }

  @Test
  void refusesAComponentThatTheMessageLacks() throws Exception {
    Draft draft = signed();
    draft.headers.remove("x-tenant-context");

    assertRefused(draft, "has no header x-tenant-context");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"@method\";req",
        "\"x-tenant-context\";sf",
        "\"x-tenant-context\";bs",
        "\"x-tenant-context\";key=\"a\"",
        "\"@signature-params\"",
        "\"@unknown\"",
        "\"\"",
        "\"X-Tenant-Context\"",
        "x-tenant-context",
        "1",
        "\"@query-param\"",
        "\"@query-param\";name=a",
        "\"@query-param\";name=\"a\";req"
      })
  void refusesAComponentThatIsNotUnderstood(String component) throws Exception {
    Draft draft = signed();
    draft.with("signature-input", draft.input().replace(")", " " + component + ")"));

    assertRefused(draft, "not understood");
  }

  @Test
  void refusesAComponentTwice() throws Exception {
    Draft draft = signed();
    draft.with("signature-input", draft.input().replace(")", " \"@method\")"));

    assertRefused(draft, "twice");
  }

  @ParameterizedTest
  @ValueSource(strings = {"hmac-sha256", "rsa-pss-sha512", "none", "ED25519", ""})
  void refusesAnotherAlgorithm(String name) throws Exception {
    Draft draft = signed();
    draft.with("signature-input", draft.input().replace("alg=\"ed25519\"", "alg=\"" + name + "\""));

    assertRefused(draft, "another algorithm");
  }

  @Test
  void refusesThePublicKeyUsedAsASecret() throws Exception {
    byte[] publicKey = OctetKeyPair.parse(jwk).getDecodedX();
    SigningKey confused = SigningKey.hmacSha256(ed25519.keyid(), publicKey);
    SignatureProfile silent =
        new SignatureProfile("gatehouse", COMPONENTS, Optional.empty(), Optional.empty(), false);

    assertRefused(signed(confused, SignatureProfile.over(COMPONENTS), NOW), "another algorithm");
    assertRefused(signed(confused, silent, NOW), "does not verify");
  }

  @Test
  void refusesTheSecretUsedAsAnEd25519Key() throws Exception {
    OctetKeyPair other = OctetKeyPair.parse(SigningKey.generateEd25519());
    SigningKey confused =
        SigningKey.of(new OctetKeyPair.Builder(other).keyID("shared").build().toJSONString());
    SignatureProfile silent =
        new SignatureProfile("gatehouse", COMPONENTS, Optional.empty(), Optional.empty(), false);

    assertRefused(signed(confused, silent, NOW), "does not verify");
  }

  @Test
  void refusesAnUnknownKey() throws Exception {
    SigningKey other = SigningKey.of(SigningKey.generateEd25519());

    assertRefused(signed(other, SignatureProfile.over(COMPONENTS), NOW), "key is unknown");
  }

  @Test
  void refusesAnotherKeyUnderAKnownName() throws Exception {
    OctetKeyPair other = OctetKeyPair.parse(SigningKey.generateEd25519());
    SigningKey impostor =
        SigningKey.of(
            new OctetKeyPair.Builder(other).keyID(ed25519.keyid()).build().toJSONString());

    assertRefused(signed(impostor, SignatureProfile.over(COMPONENTS), NOW), "does not verify");
  }

  @Test
  void refusesAnotherLabel() throws Exception {
    SignatureProfile client =
        new SignatureProfile("client", COMPONENTS, Optional.empty(), Optional.empty(), true);

    assertRefused(signed(ed25519, client, NOW), "no list of the label gatehouse");
  }

  @Test
  void refusesASignatureUnderAnotherLabelThanItsList() throws Exception {
    Draft draft = signed();
    draft.with("signature", draft.signature().replace("gatehouse=", "client="));

    assertRefused(draft, "no bytes of the label gatehouse");
  }

  @Test
  void refusesTheBytesOfAnotherLabel() throws Exception {
    Draft draft = signed();
    draft.with(
        "signature",
        "gatehouse=:AAAA:, client=" + draft.signature().substring("gatehouse=".length()));

    assertRefused(draft, "does not verify");
  }

  @ParameterizedTest
  @CsvSource({"signature-input", "signature"})
  void refusesALabelTwice(String header) throws Exception {
    Draft draft = signed();
    List<String> once = draft.headers.getOrDefault(header, List.of());
    draft.with(header, once.getFirst(), once.getFirst());

    assertRefused(draft, "has a name twice");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"created=1800000000", "keyid=\"shared\"", "alg=\"ed25519\"", "nonce=\"n\""})
  void refusesAParameterTwice(String again) throws Exception {
    Draft draft = signed();

    assertRefused(
        draft.with("signature-input", draft.input() + ";" + again), "has a parameter twice");
  }

  @ParameterizedTest
  @ValueSource(strings = {";x=1", ";x", ";keyId=\"a\""})
  void refusesAnUnknownParameter(String unknown) throws Exception {
    Draft draft = signed();
    Message message = draft.with("signature-input", draft.input() + unknown).message();

    assertThatThrownBy(() -> verifier.verify(message, BODY))
        .isInstanceOf(SignatureRefusedException.class);
  }

  @ParameterizedTest
  @CsvSource({
    ";created=\\d+, '', does not say when",
    ";created=\\d+, ;created=\"1800000000\", not a whole number",
    ";created=\\d+, ;created=9999999999999999, malformed",
    ";keyid=\"[^\"]*\", '', does not name its key",
    ";keyid=\"[^\"]*\", ;keyid=shared, not a string"
  })
  void refusesParametersThatAreMissingOrOfAnotherKind(String from, String to, String why)
      throws Exception {
    Draft draft = signed();

    assertRefused(draft.with("signature-input", draft.input().replaceFirst(from, to)), why);
  }

  @ParameterizedTest
  @CsvSource({"65, true", "66, false", "-5, true", "-6, false"})
  void acceptsASignatureForAMinute(int age, boolean accepted) throws Exception {
    Draft draft = signed(ed25519, SignatureProfile.over(COMPONENTS), NOW.minusSeconds(age));

    if (accepted) {
      assertThat(verifier.verify(draft.message(), BODY).key()).isEqualTo(ed25519.keyid());
    } else {
      assertRefused(draft, age < 0 ? "in the future" : "too old");
    }
  }

  @ParameterizedTest
  @CsvSource({"15, true", "16, false"})
  void acceptsASignatureUntilItExpires(int age, boolean accepted) throws Exception {
    SignatureProfile brief =
        new SignatureProfile(
            "gatehouse", COMPONENTS, Optional.of(Duration.ofSeconds(10)), Optional.empty(), true);
    Draft draft = signed(ed25519, brief, NOW.minusSeconds(age));

    if (accepted) {
      assertThat(verifier.verify(draft.message(), BODY).parameters().expires()).isPresent();
    } else {
      assertRefused(draft, "has expired");
    }
  }

  @Test
  void refusesAnotherTag() throws Exception {
    VerificationPolicy policy =
        new VerificationPolicy(
            "gatehouse",
            COMPONENTS,
            Duration.ofMinutes(1),
            Duration.ofSeconds(5),
            Optional.of("forwarded"));
    MessageVerifier tagged = new MessageVerifier(policy, keys, InstantSource.fixed(NOW));
    SignatureProfile webhook =
        new SignatureProfile(
            "gatehouse", COMPONENTS, Optional.empty(), Optional.of("webhook"), true);
    Message other = signed(ed25519, webhook, NOW).message();
    Message none = signed().message();

    for (Message message : List.of(other, none)) {
      assertThatThrownBy(() -> tagged.verify(message))
          .isInstanceOf(SignatureRefusedException.class)
          .hasMessageContaining("something else");
    }
  }

  @Test
  void refusesAnotherBody() throws Exception {
    Message message = signed().message();

    assertThatThrownBy(() -> verifier.verify(message, "{\"amount\":9}".getBytes(UTF_8)))
        .isInstanceOf(SignatureRefusedException.class)
        .hasMessageContaining("the body is not");
  }

  @Test
  void refusesAnAlteredDigest() throws Exception {
    byte[] other = "{\"amount\":9}".getBytes(UTF_8);
    Message message = signed().with("content-digest", ContentDigest.of(other)).message();

    assertThatThrownBy(() -> verifier.verify(message, other))
        .isInstanceOf(SignatureRefusedException.class)
        .hasMessageContaining("does not verify");
  }

  @Test
  void refusesABodyWhoseDigestIsNotCovered() throws Exception {
    List<Component> bodiless = List.of(Component.Derived.METHOD);
    MessageVerifier lax =
        new MessageVerifier(VerificationPolicy.requiring(bodiless), keys, InstantSource.fixed(NOW));
    Message message = signed(ed25519, SignatureProfile.over(bodiless), NOW).message();

    assertThat(lax.verify(message).components()).isEqualTo(bodiless);
    assertThatThrownBy(() -> lax.verify(message, BODY))
        .isInstanceOf(SignatureRefusedException.class)
        .hasMessageContaining("does not cover Content-Digest");
  }

  @Test
  void refusesEveryChangedByteOfASignature() throws Exception {
    Draft draft = signed();
    String text = draft.signature();
    byte[] signature =
        Base64.getDecoder().decode(text.substring(text.indexOf(':') + 1, text.length() - 1));
    for (int i = 0; i < signature.length; i++) {
      byte[] changed = signature.clone();
      changed[i] ^= 1;

      assertRefused(draft.with("signature", bytes(changed)), "does not verify");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 32, 63, 65, 128})
  void refusesASignatureOfAnotherLength(int length) throws Exception {
    byte[] signature = new byte[length];
    Arrays.fill(signature, (byte) 1);

    assertRefused(signed().with("signature", bytes(signature)), "does not verify");
  }

  private static String bytes(byte[] signature) {
    return "gatehouse=:" + Base64.getEncoder().encodeToString(signature) + ":";
  }

  @ParameterizedTest
  @ValueSource(strings = {"signature-input", "signature"})
  void refusesUnreadWhatIsTooLong(String header) throws Exception {
    assertRefused(signed().with(header, "a".repeat(8193)), "longer than");

    String[] lines = new String[5000];
    Arrays.fill(lines, "");
    assertRefused(signed().with(header, lines), "longer than");
  }

  @Test
  void refusesTooMuchOfEverything() throws Exception {
    assertRefused(
        signed().with("signature-input", "gatehouse=(" + "\"a\" ".repeat(65) + ")"),
        "more than 64 items");
    assertRefused(
        signed().with("signature-input", "gatehouse=(" + "\"a\" ".repeat(33) + ")"),
        "more than 32 components");
    assertRefused(
        signed()
            .with(
                "signature-input",
                IntStream.range(0, 17).mapToObj(i -> "a" + i).collect(Collectors.joining(","))),
        "more than 16 members");
    assertRefused(
        signed()
            .with(
                "signature-input",
                "gatehouse=()"
                    + IntStream.range(0, 17).mapToObj(i -> ";a" + i).collect(Collectors.joining())),
        "more than 16 parameters");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        ",",
        "gatehouse=",
        "gatehouse=(",
        "gatehouse=(\"a\"",
        "gatehouse=(\"a\"\"b\")",
        "gatehouse=(\"a\",\"b\")",
        "gatehouse=(),",
        "gatehouse=();",
        "gatehouse=();=1",
        "gatehouse=() x",
        "Gatehouse=()",
        "gatehouse=(\"a)",
        "gatehouse=(\"\\a\")",
        "gatehouse=(\"\u00e9\")",
        "gatehouse=(\"a\nb\")",
        "gatehouse=();a=1.5",
        "gatehouse=();a=-",
        "gatehouse=();a=@1",
        "gatehouse=();a=:AA:",
        "gatehouse=();a=:AB==:",
        "gatehouse=();a=:A",
        "gatehouse=();a=?2",
        "gatehouse =()",
        "\u0000"
      })
  void refusesWhatIsNoDictionary(String input) throws Exception {
    assertRefused(signed().with("signature-input", input), "Signature-Input is malformed");
  }

  @Test
  void refusesAMessageWithoutASignature() throws Exception {
    assertRefused(new Draft(), "there is no Signature-Input");
    Draft half = signed();
    half.headers.remove("signature");
    assertRefused(half, "there is no Signature");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{}",
        "[]",
        "{\"kty\":\"oct\",\"k\":\"AAAA\"}",
        "{\"kty\":\"oct\",\"k\":\"AAAA\",\"kid\":\"a\"}"
      })
  void signsWithNothingElseThanAKey(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> SigningKey.of(text));
    assertThatIllegalArgumentException().isThrownBy(() -> VerifyingKey.of(text));
  }

  @Test
  void doesNotSignWithAPublicKey() throws Exception {
    String publicKey = OctetKeyPair.parse(jwk).toPublicJWK().toJSONString();

    assertThatIllegalArgumentException().isThrownBy(() -> SigningKey.of(publicKey));
  }

  @Test
  void keepsNamesOfKeysApart() {
    List<VerifyingKey> twice = new ArrayList<>(List.of(VerifyingKey.of(jwk), VerifyingKey.of(jwk)));

    assertThatIllegalArgumentException().isThrownBy(() -> VerifyingKeys.of(twice));
  }

  @ParameterizedTest
  @ValueSource(strings = {"null", "[]", "{}", "{\"keys\":null}", "", "x"})
  void refusesWhatIsNoJwks(String text) {
    assertThatThrownBy(() -> VerifyingKeys.ofJwks(text))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> ContextVerifier.withKeys("app", text))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void doesNotTakeBytesThatAreNoUtf8ForOneAnother() throws Exception {
    SignatureBase base = SignatureBase.over(List.of(new Component.QueryParameter("a")));
    SignatureParameters none =
        new SignatureParameters(
            OptionalLong.empty(),
            OptionalLong.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());
    Message umlaut = Message.request("GET", URI.create("http://h/?a=%C3%A4"), Map.of());

    assertThat(base.of(umlaut, none)).contains(": %C3%A4\n");
    for (String bytes : List.of("%ff", "%fe", "%c3", "%ed%a0%80")) {
      Message other = Message.request("GET", URI.create("http://h/?a=" + bytes), Map.of());
      assertThatThrownBy(() -> base.of(other, none))
          .as(bytes)
          .isInstanceOf(UnsignableMessageException.class);
    }
  }
}

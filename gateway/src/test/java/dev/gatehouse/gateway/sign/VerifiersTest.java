package dev.gatehouse.gateway.sign;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.contract.context.SigningKeys;
import dev.gatehouse.contract.edge.EdgeService.Protocol;
import dev.gatehouse.contract.edge.EdgeSigningKey;
import dev.gatehouse.contract.edge.MessageSignature;
import dev.gatehouse.contract.edge.MessageSignature.Algorithm;
import dev.gatehouse.contract.signature.SigningKey;
import dev.gatehouse.gateway.Platform;
import dev.gatehouse.gateway.Platform.TestTenant;
import dev.gatehouse.gateway.RawClient;
import dev.gatehouse.gateway.sign.VerifyingUpstream.Arrived;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The programs of {@code docs/verifying} look at requests that a real gateway forwarded. */
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class VerifiersTest {
  private static final byte[] SECRET = new byte[MessageSignature.LEAST_SECRET];
  private static final String REQUIRED =
      String.join(",", VerifyingUpstream.COVERED) + ",content-digest";

  private final VerifyingUpstream upstream = new VerifyingUpstream();
  private Platform platform;
  private TestTenant tenant;

  @BeforeAll
  void start() throws Exception {
    platform = new Platform();
    String jwk = SigningKey.generateEd25519();
    platform.feed.put(
        new EdgeSigningKey(
            SigningKeys.kidOf(jwk),
            jwk,
            Instant.now().minusSeconds(1),
            Instant.now().plus(Duration.ofDays(1)),
            Optional.of(EdgeSigningKey.Purpose.MESSAGE)));
    tenant = platform.tenant();
    for (Algorithm algorithm : Algorithm.values()) {
      for (Protocol protocol : Protocol.values()) {
        platform.route(
            upstream
                .service(name(algorithm, protocol), protocol)
                .with(
                    new MessageSignature(
                        algorithm,
                        algorithm == Algorithm.HMAC_SHA256
                            ? Optional.of(
                                Base64.getUrlEncoder().withoutPadding().encodeToString(SECRET))
                            : Optional.empty(),
                        Optional.empty(),
                        OptionalInt.of(1000))));
      }
    }
  }

  @AfterAll
  void stop() {
    platform.close();
    upstream.close();
  }

  private static String name(Algorithm algorithm, Protocol protocol) {
    return (algorithm + "-" + protocol).toLowerCase(Locale.ROOT);
  }

  private Arrived forwarded(String service, String body) throws Exception {
    try (RawClient client = new RawClient(platform.gateway.httpPort())) {
      client.write(
          "POST /%s/a%%20b?x=%%C3%%A4&y HTTP/1.1\r\nHost: %s\r\nX-API-Key: %s\r\nContent-Length: %d\r\n\r\n%s"
              .formatted(service, tenant.host(), tenant.key().reveal(), body.length(), body));
      assertThat(client.read().status()).isEqualTo(200);
    }
    return upstream.next();
  }

  private static String json(Arrived request, String body) {
    JsonObject headers = new JsonObject();
    for (String name : request.headers().names()) {
      headers.put(name.toLowerCase(Locale.ROOT), new JsonArray(request.headers().getAll(name)));
    }
    return JsonObject.of("method", request.method(), "scheme", "http")
        .put("authority", request.authority())
        .put("path", request.path())
        .put("query", request.query())
        .put("headers", headers)
        .put("body", body)
        .encode();
  }

  private Verifier.Outcome verify(Verifier verifier, String message, String service)
      throws Exception {
    return verifier.verify(
        message,
        "--jwks",
        "http://127.0.0.1:" + platform.gateway.adminPort() + "/.well-known/jwks.json",
        "--service",
        service,
        "--hmac",
        service + "=" + Base64.getEncoder().encodeToString(SECRET),
        "--require",
        REQUIRED);
  }

  @ParameterizedTest
  @EnumSource
  void acceptsWhatTheGatewayForwarded(Verifier verifier) throws Exception {
    assertAccepted(verifier, name(Algorithm.ED25519, Protocol.HTTP_2), "{\"amount\":1}");
    assertAccepted(verifier, name(Algorithm.ED25519, Protocol.HTTP_1_1), "");
    assertAccepted(verifier, name(Algorithm.HMAC_SHA256, Protocol.HTTP_1_1), "{\"amount\":1}");
  }

  private void assertAccepted(Verifier verifier, String service, String body) throws Exception {
    Verifier.Outcome outcome = verify(verifier, json(forwarded(service, body), body), service);

    assertThat(outcome.errors()).isEmpty();
    assertThat(outcome.exitCode()).isZero();
    assertThat(outcome.output()).contains("x-tenant-context", "content-digest");
  }

  @ParameterizedTest
  @EnumSource
  void refusesWhatWasChangedOrMeantForAnother(Verifier verifier) throws Exception {
    String ed25519 = name(Algorithm.ED25519, Protocol.HTTP_1_1);
    String hmac = name(Algorithm.HMAC_SHA256, Protocol.HTTP_2);

    assertRefused(verify(verifier, json(forwarded(ed25519, "abc"), "abd"), ed25519));
    assertRefused(verify(verifier, json(forwarded(ed25519, "abc"), "abc"), "another"));
    assertRefused(verify(verifier, json(forwarded(hmac, "abc").at("/other"), "abc"), hmac));
  }

  private static void assertRefused(Verifier.Outcome outcome) {
    assertThat(outcome.exitCode()).as(outcome.toString()).isEqualTo(1);
    assertThat(outcome.errors()).startsWith("Refused: ");
  }
}

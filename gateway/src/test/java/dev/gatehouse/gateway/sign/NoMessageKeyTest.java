package dev.gatehouse.gateway.sign;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.contract.edge.EdgeService.Protocol;
import dev.gatehouse.contract.edge.MessageSignature;
import dev.gatehouse.contract.edge.MessageSignature.Algorithm;
import dev.gatehouse.gateway.Platform;
import dev.gatehouse.gateway.Platform.TestTenant;
import dev.gatehouse.gateway.RawClient;
import dev.gatehouse.gateway.RawClient.Response;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class NoMessageKeyTest {
  @Test
  void isNotReadyForServicesThatWantSignaturesAndServesTheOthers() throws Exception {
    try (Platform platform = new Platform();
        VerifyingUpstream upstream = new VerifyingUpstream()) {
      TestTenant tenant = platform.tenant();
      platform.route(
          upstream
              .service("wants", Protocol.HTTP_1_1)
              .with(
                  new MessageSignature(
                      Algorithm.ED25519, Optional.empty(), Optional.empty(), OptionalInt.of(10))));
      platform.route(upstream.service("plain", Protocol.HTTP_1_1));

      Response refused = get(platform, tenant, "/wants");
      Response served = get(platform, tenant, "/plain");

      assertThat(refused.status()).isEqualTo(503);
      assertThat(refused.body()).contains("not-ready");
      assertThat(served.status()).isEqualTo(200);
      assertThat(upstream.next().path()).isEqualTo("/plain");
    }
  }

  private static Response get(Platform platform, TestTenant tenant, String path) throws Exception {
    return RawClient.send(
        platform.gateway.httpPort(),
        "GET " + path + " HTTP/1.1",
        "Host: " + tenant.host(),
        "X-API-Key: " + tenant.key().reveal());
  }
}

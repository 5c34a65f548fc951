package dev.gatehouse.gateway.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.gateway.RawClient;
import dev.gatehouse.gateway.resilience.Backend.Seen;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Another endpoint that is asked is told the same of the tenant, the caller and the client. */
@Timeout(60)
class RetriedContextTest {
  private static final List<String> TOLD =
      List.of(
          "X-Tenant-Id",
          "X-Tenant-Context",
          "X-Forwarded-For",
          "X-Forwarded-Host",
          "Forwarded",
          "Host",
          "X-Mine");

  @AutoClose private final Backend failing = Backend.answering(503, "busy");
  @AutoClose private final Backend serving = Backend.answering(200, "ok");

  @Test
  void aRetryCarriesTheSameContextAndNothingOfTheClientsOwn() throws Exception {
    try (Scene scene = new Scene();
        RawClient client = scene.connect()) {
      String path =
          scene.service(
              ",'retries':{'attempts':2},'outlierDetection':{'maxEjectedPercent':0}",
              failing,
              serving);
      while (failing.seen().isEmpty()) {
        client.write(
            scene.lines(
                "GET " + path,
                "X-Tenant-Id: somebody",
                "x_tenant_id: somebody",
                "X-Forwarded-For: 192.0.2.1",
                "X-Mine: yes"));
        assertThat(client.read().body()).isEqualTo("ok");
      }

      Seen first = failing.seen().getLast();
      Seen again = serving.seen().getLast();
      for (String name : TOLD) {
        assertThat(again.values(name)).as(name).hasSize(1).isEqualTo(first.values(name));
      }
      assertThat(again.values("X-Tenant-Id")).containsExactly(scene.tenant.edge().id().toString());
      assertThat(again.values("x_tenant_id")).isEmpty();
    }
  }
}

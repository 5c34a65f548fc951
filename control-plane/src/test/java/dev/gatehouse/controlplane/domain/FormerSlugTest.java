package dev.gatehouse.controlplane.domain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.controlplane.ApiClient;
import dev.gatehouse.controlplane.Concurrently;
import dev.gatehouse.controlplane.ControlPlane;
import dev.gatehouse.controlplane.Fresh;
import dev.gatehouse.controlplane.Reply;
import dev.gatehouse.controlplane.RunningControlPlane;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class FormerSlugTest {
  private final ApiClient api = RunningControlPlane.operator();
  private final String slug = Fresh.slug();
  private final String tenant = create(api, slug);

  @Test
  void keepsTheSlugOfARenamedTenantFromOthers() {
    rename(api, tenant, Fresh.slug());

    Reply created = api.post("/v1/tenants", Fresh.tenant().put("slug", slug));
    assertThat(created.status()).isEqualTo(409);
    assertThat(created.problem()).isEqualTo("slug-taken");
    assertThat(created.pointers()).containsExactly("/slug");
    String other = create(api, Fresh.slug());
    assertThat(api.patch(other, new JsonObject().put("slug", slug)).problem())
        .isEqualTo("slug-taken");
    assertThat(api.get("/v1/tenants/" + slug).problem()).isEqualTo("tenant-not-found");
  }

  @Test
  void givesATenantItsOwnSlugBack() {
    rename(api, tenant, Fresh.slug());
    rename(api, tenant, slug);

    assertThat(api.get("/v1/tenants/" + slug).status()).isEqualTo(200);
  }

  @Test
  void forgetsTheOldestOfManySlugs() {
    for (int i = 0; i < 11; i++) {
      rename(api, tenant, Fresh.slug());
    }
    assertThat(api.post("/v1/tenants", Fresh.tenant().put("slug", slug)).status()).isEqualTo(201);
  }

  @Test
  void givesASlugThatChangesHandsAtTheSameMomentToOneTenant() {
    String other = create(api, Fresh.slug());
    String given = Fresh.slug();

    List<Reply> replies =
        Concurrently.call(
            2,
            i ->
                api.patch(
                    i == 0 ? tenant : other, new JsonObject().put("slug", i == 0 ? given : slug)));

    assertThat(replies.get(0).status()).isEqualTo(200);
    assertThat(replies.get(1).problem()).isEqualTo("slug-taken");
  }

  @Test
  void forgetsASlugWhenItsTimeIsOver() throws Exception {
    try (ControlPlane controlPlane = RunningControlPlane.start(keeping(Duration.ofSeconds(2)))) {
      ApiClient own = RunningControlPlane.operatorOf(controlPlane);
      String renamed = create(own, slug);
      rename(own, renamed, Fresh.slug());
      assertThat(own.post("/v1/tenants", Fresh.tenant().put("slug", slug)).status()).isEqualTo(409);
      while (own.post("/v1/tenants", Fresh.tenant().put("slug", slug)).status() != 201) {
        Thread.sleep(50);
      }
    }
  }

  @Test
  void keepsNoSlugWhereThatIsTurnedOff() {
    try (ControlPlane controlPlane = RunningControlPlane.start(keeping(Duration.ZERO))) {
      ApiClient own = RunningControlPlane.operatorOf(controlPlane);
      rename(own, create(own, slug), Fresh.slug());
      assertThat(own.post("/v1/tenants", Fresh.tenant().put("slug", slug)).status()).isEqualTo(201);
    }
  }

  private static DomainConfig keeping(Duration time) {
    DomainConfig c = DomainConfig.DEFAULT;
    return new DomainConfig(
        c.dnsServer(),
        c.reservedHosts(),
        c.target(),
        c.addresses(),
        c.challengePort(),
        c.allowedRanges(),
        c.maxUnproved(),
        c.checkPause(),
        c.recheckEvery(),
        c.grace(),
        time);
  }

  private static String create(ApiClient api, String slug) {
    Reply created = api.post("/v1/tenants", Fresh.tenant().put("slug", slug));
    assertThat(created.status()).as(created.toString()).isEqualTo(201);
    return created.header("Location");
  }

  private static void rename(ApiClient api, String tenant, String slug) {
    Reply renamed = api.patch(tenant, new JsonObject().put("slug", slug));
    assertThat(renamed.status()).as(renamed.toString()).isEqualTo(200);
  }
}

package dev.gatehouse.controlplane.tenant;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.controlplane.ApiClient;
import dev.gatehouse.controlplane.Fresh;
import dev.gatehouse.controlplane.Person;
import dev.gatehouse.controlplane.Reply;
import dev.gatehouse.controlplane.RunningControlPlane;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** From where a tenant may be reached, and the region that it is bound to. */
@Timeout(60)
class BoundsTest {
  private final ApiClient operator = RunningControlPlane.operator();
  private final String tenant = operator.post("/v1/tenants", Fresh.tenant()).header("Location");

  private static JsonObject security(String list, Object... ranges) {
    JsonArray all = new JsonArray();
    for (Object range : ranges) {
      all.add(range);
    }
    return new JsonObject()
        .put("config", new JsonObject().put("security", new JsonObject().put(list, all)));
  }

  private static JsonObject region(@Nullable Object region) {
    return new JsonObject().put("config", new JsonObject().put("region", region));
  }

  private JsonObject stored(String part) {
    return operator.get(tenant).json().getJsonObject("config").getJsonObject(part);
  }

  @Test
  void rangesAreKeptInTheirNormalForm() {
    Reply changed =
        operator.patch(
            tenant,
            security(
                "allowedIpRanges",
                "192.0.2.0/24",
                "::ffff:192.0.2.0/120",
                "2001:DB8:0:0::/32",
                "198.51.100.7"));

    assertThat(changed.status()).as(changed.toString()).isEqualTo(200);
    assertThat(stored("security").getJsonArray("allowedIpRanges"))
        .containsExactly("192.0.2.0/24", "2001:db8::/32", "198.51.100.7/32");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          10.1.2.3/8      | must have no bits set behind its prefix, expected 10.0.0.0/8, found "10.1.2.3/8"
          2001:db8::1/32  | expected 2001:db8::/32
          10.0.0.0/33     | expected an address or a range such as 10.0.0.0/8 or 2001:db8::/32
          10.0/8          | expected an address or a range
          ::ffff:0:0/95   | expected an address or a range
          example.com     | expected an address or a range
          """)
  void saysWhatIsExpectedInPlaceOfWhatIsNoRange(String range, String said) {
    Reply refused = operator.patch(tenant, security("deniedIpRanges", "192.0.2.1", range));

    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.pointers()).containsExactly("/config/security/deniedIpRanges/1");
    assertThat(refused.json().getJsonArray("errors").encode().replace("\\", "")).contains(said);
  }

  @Test
  void keepsSoManyRangesAndNoMore() {
    Object[] most = IntStream.range(0, 256).mapToObj(n -> "192.0.2." + n).toArray();
    assertThat(operator.patch(tenant, security("deniedIpRanges", most)).status()).isEqualTo(200);

    Object[] more =
        IntStream.range(0, 257)
            .mapToObj(n -> "10.0." + n / 256 + "." + n % 256)
            .collect(Collectors.toList())
            .toArray();
    assertThat(operator.patch(tenant, security("deniedIpRanges", more)).pointers())
        .containsExactly("/config/security/deniedIpRanges");
  }

  @Test
  void aTenantsAdminSetsItsListsButNotItsRegion() {
    Person admin = Person.memberOf(tenant, "admin");
    String version = operator.get(tenant).header("ETag");

    Reply lists =
        admin.api().patch(tenant, security("allowedIpRanges", "192.0.2.0/24"), "If-Match", version);
    Reply stale =
        admin.api().patch(tenant, security("allowedIpRanges", "192.0.3.0/24"), "If-Match", version);
    Reply bound = admin.api().patch(tenant, region("eu"));

    assertThat(lists.status()).as(lists.toString()).isEqualTo(200);
    assertThat(stale.status()).isEqualTo(412);
    assertThat(bound.status()).isEqualTo(403);
    assertThat(bound.pointers()).containsExactly("/config/region");
    assertThat(Person.memberOf(tenant, "member").api().patch(tenant, region("eu")).status())
        .isEqualTo(403);
    assertThat(operator.patch(tenant, region("eu-central-1")).status()).isEqualTo(200);
    assertThat(admin.api().patch(tenant, region(null)).status())
        .as("nor frees itself")
        .isEqualTo(403);
  }

  @Test
  void aChangeIsOnRecord() {
    operator.patch(tenant, security("deniedIpRanges", "192.0.2.0/24"));
    operator.patch(tenant, region("eu"));

    String trail = operator.get(tenant + "/audit").text();

    assertThat(trail).contains("192.0.2.0/24").contains("\"region\":\"eu\"");
  }

  @Test
  void aRegionHasAProperName() {
    for (String name : new String[] {"", "EU", "eu_1", "-eu", "eu-", "e u", "x".repeat(64)}) {
      assertThat(operator.patch(tenant, region(name)).pointers())
          .as(name)
          .containsExactly("/config/region");
    }
  }

  @Test
  void oneEndpointCannotStandInTwoRegions() {
    JsonArray endpoints =
        JsonArray.of(
            JsonObject.of("host", "10.0.0.7", "port", 80, "region", "eu"),
            JsonObject.of("host", "10.0.0.7", "port", 80, "region", "us"));
    Reply refused =
        operator.post(
            "/v1/services", JsonObject.of("name", "s-" + Fresh.slug(), "endpoints", endpoints));

    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.text()).contains("endpoint 10.0.0.7:80 must stand in one region, found two");
  }
}

package dev.gatehouse.controlplane.tenant;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.controlplane.ApiClient;
import dev.gatehouse.controlplane.Fresh;
import dev.gatehouse.controlplane.Person;
import dev.gatehouse.controlplane.Reply;
import dev.gatehouse.controlplane.RunningControlPlane;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How much may leave in a tenant's responses. */
@Timeout(60)
class EgressBudgetTest {
  private final ApiClient operator = RunningControlPlane.operator();
  private final String tenant = operator.post("/v1/tenants", Fresh.tenant()).header("Location");

  private static JsonObject budget(String name, Object value) {
    return new JsonObject()
        .put("config", JsonObject.of("exfiltration", JsonObject.of(name, value)));
  }

  @Test
  void isKeptAndOnRecord() {
    Reply changed = operator.patch(tenant, budget("action", "cut-off"));
    assertThat(changed.status()).as(changed.toString()).isEqualTo(200);
    operator.patch(tenant, budget("principalBytes", 1_000_000_000L));

    assertThat(operator.get(tenant).json().getJsonObject("config").getJsonObject("exfiltration"))
        .isEqualTo(JsonObject.of("action", "cut-off", "principalBytes", 1_000_000_000));
    assertThat(operator.get(tenant + "/audit").text()).contains("cut-off");
  }

  @ParameterizedTest
  @CsvSource({
    "action, block",
    "principalBytes, 0",
    "principalRecords, -1",
    "tenantBytes, 1125899906842625",
    "tenantRecords, many",
    "bytes, 1"
  })
  void isRefusedWhereItIsNone(String name, String value) {
    Object given = value.matches("-?\\d+") ? Long.valueOf(value) : value;

    Reply refused = operator.patch(tenant, budget(name, given));

    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.pointers()).containsExactly("/config/exfiltration/" + name);
  }

  /** Whoever has taken over an account could switch the alarm off first. */
  @Test
  void isNotTheTenantsToChange() {
    Person admin = Person.memberOf(tenant, "admin");

    Reply refused = admin.api().patch(tenant, budget("action", "observe"));

    assertThat(refused.status()).isEqualTo(403);
    assertThat(refused.pointers()).containsExactly("/config/exfiltration");
  }
}

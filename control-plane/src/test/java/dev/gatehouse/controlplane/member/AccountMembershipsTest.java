package dev.gatehouse.controlplane.member;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.controlplane.ApiClient;
import dev.gatehouse.controlplane.Fresh;
import dev.gatehouse.controlplane.Person;
import dev.gatehouse.controlplane.Reply;
import dev.gatehouse.controlplane.RunningControlPlane;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What gateways are told of the users who come by the account host. */
@Timeout(60)
class AccountMembershipsTest {
  private static final String PATH = "/edge/v1/account-memberships";
  private static final String ISSUER = "https://id.example.com";

  private final ApiClient platform = RunningControlPlane.operator();
  private final ApiClient gateway =
      RunningControlPlane.withToken(RunningControlPlane.gatewayToken());
  private final Person person = Person.create();
  private final String subject = person.email().replace("@example.com", "");
  private final String tenant = tenant();

  private String tenant() {
    String made = platform.post("/v1/tenants", Fresh.tenant()).header("Location");
    person.join(made, "member");
    return made;
  }

  private static String idOf(String tenant) {
    return tenant.replace("/v1/tenants/", "");
  }

  private List<String> tenants(String issuer, String sub) {
    Reply reply = gateway.get(PATH + "?issuer=" + issuer + "&subject=" + sub);
    assertThat(reply.status()).isEqualTo(200);
    return reply.json().getJsonArray("memberships").stream()
        .map(one -> ((JsonObject) one).getString("tenant"))
        .toList();
  }

  private Reply enter(String sub, String id) {
    return gateway.post(PATH, JsonObject.of("issuer", ISSUER, "subject", sub, "tenant", id));
  }

  @Test
  void listsTheTenantsThatAreServed() {
    String other = tenant();
    assertThat(tenants(ISSUER, subject)).containsExactlyInAnyOrder(idOf(tenant), idOf(other));
    platform.post(other + "/suspend", new JsonObject().put("reason", "overdue"));
    assertThat(tenants(ISSUER, subject)).containsExactly(idOf(tenant));
    assertThat(tenants("https://another.example", subject)).isEmpty();
    assertThat(tenants(ISSUER, "nobody")).isEmpty();
  }

  @Test
  void recordsThatAMemberEnters() {
    Reply entered = enter(subject, idOf(tenant));
    assertThat(entered.status()).isEqualTo(200);
    assertThat(entered.json().getString("role")).isEqualTo("member");
    JsonObject entry =
        platform
            .get(tenant + "/audit?action=account.enter")
            .json()
            .getJsonArray("items")
            .getJsonObject(0)
            .getJsonObject("entry");
    assertThat(entry.getJsonObject("actor").getString("id")).isEqualTo(person.id());
    assertThat(entry.getString("role")).isEqualTo("member");
  }

  @Test
  void letsNobodyEnterWhoIsNoMember() {
    String others = platform.post("/v1/tenants", Fresh.tenant()).header("Location");
    assertThat(enter(subject, idOf(others)).status()).isEqualTo(404);
    assertThat(enter("nobody", idOf(tenant)).status()).isEqualTo(404);
    platform.post(tenant + "/suspend", new JsonObject().put("reason", "overdue"));
    assertThat(enter(subject, idOf(tenant)).status()).isEqualTo(404);
  }

  @ParameterizedTest
  @ValueSource(strings = {"{", "[]", "{}", "{\"issuer\":\"a\",\"subject\":\"b\",\"tenant\":\"c\"}"})
  void refusesWhatIsNoEntry(String body) {
    assertThat(gateway.send("POST", PATH, body).status()).isEqualTo(400);
    assertThat(gateway.get(PATH).status()).isEqualTo(400);
  }

  @Test
  void answersGatewaysOnly() {
    assertThat(person.api().get(PATH + "?issuer=a&subject=b").status()).isEqualTo(401);
    assertThat(platform.post(PATH, new JsonObject()).status()).isEqualTo(401);
  }
}

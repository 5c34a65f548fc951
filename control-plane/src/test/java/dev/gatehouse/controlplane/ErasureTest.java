package dev.gatehouse.controlplane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.backends.TestBackends;
import dev.gatehouse.controlplane.certificate.TestCertificates;
import dev.gatehouse.controlplane.customerkey.TransitServer;
import dev.gatehouse.controlplane.keyset.KeysetConfig;
import dev.gatehouse.controlplane.usage.Reports;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is left of a deleted tenant. */
@Timeout(120)
class ErasureTest {
  /**
   * When what became of the tenant and why, what is invoiced for it, and whose a host was, which
   * still leads to the platform perhaps.
   */
  private static final Set<String> MEANT_TO_STAY =
      Set.of("tenant_transition", "subscription_period", "former_domain");

  private static final int KEYS = 150;

  private final String url = MigratedDatabase.freshUrl();
  private final ControlPlane controlPlane =
      OneControlPlane.startBesideServices(url, KeysetConfig.DEFAULT);
  private final ApiClient api =
      new ApiClient(controlPlane.port(), controlPlane.firstTokens().orElseThrow().operatorToken());
  private final Sql sql = new Sql(url);

  @AfterEach
  void stop() {
    sql.close();
    controlPlane.close();
  }

  /** So that there is a place for the data of tenants. */
  private void registerPartition() {
    Partitions.register(
        api, Partitions.registration(Partitions.freshName(), TestBackends.freshDatabaseUrl()));
  }

  private void rollOutABlueprint() {
    api.post("/v1/blueprints", JsonObject.of("name", "shop"));
    api.put("/v1/blueprints/shop/versions/1", JsonObject.of("up", "CREATE TABLE note (id int)"));
    Reply begun = api.post("/v1/blueprints/shop/rollouts", JsonObject.of("to", 1));
    assertThat(begun.status()).as(begun.toString()).isEqualTo(202);
    String rollout = begun.header("Location");
    Sql.await(() -> api.get(rollout).json().getString("state").equals("done"));
  }

  private String tenantWithSomethingOfEverything() throws Exception {
    registerPartition();
    JsonObject endpoint = new JsonObject().put("host", "127.0.0.1").put("port", 1);
    api.post(
        "/v1/services",
        new JsonObject().put("name", "orders").put("endpoints", JsonArray.of(endpoint)));
    JsonObject config =
        new JsonObject()
            .put("services", new JsonObject().put("orders", new JsonObject()))
            .put("database", JsonObject.of("strategy", "schema"));
    Reply created =
        api.post(
            "/v1/tenants",
            Fresh.tenant()
                .put("name", "Secret Inc.")
                .put("status", "pending")
                .put("config", config));
    assertThat(created.status()).as(created.toString()).isEqualTo(201);
    String path = created.header("Location");
    Sql.await(() -> api.get(path).json().getString("status").equals("active"));
    rollOutABlueprint();
    api.patch(path, new JsonObject().put("slug", Fresh.slug()));
    String host = Fresh.host();
    api.post(path + "/domains", Fresh.trustedDomain(host));
    api.delete(path + "/domains/" + host);
    api.post(path + "/domains", Fresh.trustedDomain(Fresh.host()));
    for (int i = 0; i < KEYS; i++) {
      api.post(path + "/api-keys", new JsonObject().put("subject", "ci" + i));
    }
    addMembers(path);
    assertThat(api.post(path + "/identity-providers", Fresh.identityProvider()).status())
        .isEqualTo(201);
    assertThat(api.post(path + "/client-authorities", Fresh.clientAuthority()).status())
        .isEqualTo(201);
    Reply certificate =
        api.post(
            path + "/certificates", TestCertificates.document(TestCertificates.of(Fresh.host())));
    assertThat(certificate.status()).as(certificate.toString()).isEqualTo(201);
    JsonObject plain = new JsonObject().put("plaintext", "c2VjcmV0");
    assertThat(api.post(path + "/keys/encrypt", plain).status()).isEqualTo(200);
    giveAKey(path);
    // What an authority would have been asked for.
    sql.execute(
        "INSERT INTO certificate_order (id, tenant_id, host) VALUES (gen_random_uuid(), '%s', 'a')"
            .formatted(path.substring(path.lastIndexOf('/') + 1)));
    for (String setting : List.of("introspection", "forward-auth")) {
      Reply put = api.put(path + "/" + setting, Fresh.setting(setting));
      assertThat(put.status()).as(put.toString()).isEqualTo(201);
    }
    use(path);
    JsonObject later = new JsonObject().put("at", Instant.now().plusSeconds(9999).toString());
    Reply scheduled =
        api.send(
            "PUT", path + "/schedule/archive", later.encode(), "Content-Type", "application/json");
    assertThat(scheduled.status()).as(scheduled.toString()).isEqualTo(200);
    return path;
  }

  /** So much that somebody is told. */
  private void use(String path) {
    operatorSets(path, JsonObject.of("requestsPerMonth", 1000));
    String gateway = controlPlane.firstTokens().orElseThrow().gatewayToken();
    UUID tenant = UUID.fromString(path.substring(path.lastIndexOf('/') + 1));
    Reply taken =
        new Reports(new ApiClient(controlPlane.port(), gateway))
            .send(Instant.now(), Reports.served(tenant, UUID.randomUUID(), "orders", 900));
    assertThat(taken.status()).as(taken.toString()).isEqualTo(204);
    sql.execute("INSERT INTO usage_hour SELECT * FROM usage_minute ON CONFLICT DO NOTHING");
    sql.execute("INSERT INTO usage_day SELECT * FROM usage_minute");
    // What the next round would have found.
    sql.execute(
        """
        INSERT INTO tenant_health (tenant_id, state, since, told, reason, factors, kept_at)
        VALUES ('%1$s', 'healthy', now(), 'healthy', '', '[]', now()) ON CONFLICT DO NOTHING;
        INSERT INTO tenant_health_history VALUES ('%1$s', now(), 'healthy', 100)
        """
            .formatted(tenant));
    sql.execute(
        "INSERT INTO activity_day VALUES ('%s', current_date, 1, 1, 1, 0, 0, 0)".formatted(tenant));
    sql.execute(
        """
        INSERT INTO error_budget
        SELECT '%s', 'availability', 99, NULL, NULL, 30, 1, 0, 1, 0, 0, 0, false, true, NULL, NULL,
               '2099-01-01'
        """
            .formatted(tenant));
    sql.execute(
        """
        INSERT INTO quota_forecast
        SELECT '%s', 'requestsPerMonth', current_date, 900, 1000, 900, NULL, 'pace', NULL, 1,
               '2099-01-01' ON CONFLICT DO NOTHING
        """
            .formatted(tenant));
  }

  private void operatorSets(String path, JsonObject limits) {
    assertThat(api.patch(path, JsonObject.of("limits", limits)).status()).isEqualTo(200);
  }

  /** A key of its own, which it then takes away. */
  private void giveAKey(String path) throws Exception {
    try (TransitServer service = new TransitServer()) {
      JsonObject key = service.document("gatehouse", "hvs.a");
      Sql.await(() -> api.put(path + "/key-encryption-key", key).status() == 201);
    }
  }

  private void addMembers(String path) {
    JsonObject role =
        new JsonObject().put("name", "helper").put("permissions", JsonArray.of("domains:read"));
    assertThat(api.post(path + "/roles", role).status()).isEqualTo(201);
    String user = api.post("/v1/users", Person.identity()).json().getString("id");
    String tenant = path.substring(path.lastIndexOf('/') + 1);
    JsonObject membership = new JsonObject().put("tenant", tenant).put("role", "helper");
    assertThat(api.post("/v1/users/" + user + "/memberships", membership).status()).isEqualTo(201);
    JsonObject invitation =
        new JsonObject().put("email", "someone@example.com").put("role", "helper");
    assertThat(api.post(path + "/invitations", invitation).status()).isEqualTo(201);
  }

  /** The tables that say of their rows which tenant they belong to. */
  private List<String> tablesOfTenants() {
    return sql.texts(
        """
        SELECT c.table_name FROM information_schema.columns c
          JOIN information_schema.tables t USING (table_schema, table_name)
         WHERE c.column_name = 'tenant_id' AND c.table_schema = 'public'
           AND t.table_type = 'BASE TABLE'
           AND NOT (SELECT relispartition FROM pg_class WHERE oid = c.table_name::regclass)
         ORDER BY 1
        """);
  }

  private long rows(String table, UUID tenant) {
    return sql.count("SELECT count(*) FROM \"%s\" WHERE tenant_id = ?".formatted(table), tenant);
  }

  @Test
  void leavesNothingInAnyTableButWhatIsMeantToStay() throws Exception {
    String path = tenantWithSomethingOfEverything();
    JsonObject tenant = api.get(path).json();
    UUID id = UUID.fromString(tenant.getString("id"));
    assertThat(tablesOfTenants()).hasSizeGreaterThan(5);
    assertThat(tablesOfTenants())
        .as("each table has a row of the tenant before it is deleted: add one where this fails")
        .allSatisfy(table -> assertThat(rows(table, id)).as(table).isPositive());

    assertThat(api.delete(path + "?reason=contract%20ended").status()).isEqualTo(204);
    Sql.await(() ->
        sql.count("SELECT count(*) FROM tenant WHERE id = ? AND erased_at IS NOT NULL", id) == 1);

    assertThat(tablesOfTenants())
        .filteredOn(table -> !MEANT_TO_STAY.contains(table))
        .allSatisfy(table -> assertThat(rows(table, id)).as(table).isZero());
    JsonObject left =
        api.get("/v1/tenants?status=deleted&slug=" + tenant.getString("slug"))
            .json()
            .getJsonArray("items")
            .getJsonObject(0);
    assertThat(left.fieldNames())
        .containsExactlyInAnyOrder(
            "id", "slug", "name", "status", "statusReason", "createdAt", "updatedAt", "erasedAt");
    assertThat(left.getString("statusReason")).isEqualTo("contract ended");
    assertThat(left.getString("name")).isEqualTo(tenant.getString("slug"));
    assertThat(sql.count("SELECT count(*) FROM job WHERE key LIKE ?", "%" + id + "%")).isZero();
    assertThat(
            sql.count(
                "SELECT count(*) FROM edge_object WHERE NOT removed AND payload::text LIKE ?",
                "%" + id + "%"))
        .isZero();
    assertThat(
            api.post("/v1/tenants", Fresh.tenant().put("slug", tenant.getString("slug"))).problem())
        .isEqualTo("slug-taken");
  }
}

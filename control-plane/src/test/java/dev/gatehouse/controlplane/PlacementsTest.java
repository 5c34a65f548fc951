package dev.gatehouse.controlplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.backends.TestBackends;
import dev.gatehouse.contract.context.TenantContext;
import dev.gatehouse.contract.database.IsolationStrategy;
import dev.gatehouse.contract.edge.EdgePartitionKey;
import dev.gatehouse.contract.edge.EdgePlacement;
import dev.gatehouse.contract.edge.EdgeTenant;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Tenants in partitions: real servers, all three strategies, as applications reach them. */
@Timeout(120)
class PlacementsTest {
  private static final String TABLE =
      """
      CREATE TABLE note (tenant_id uuid, id int, text text, PRIMARY KEY (tenant_id, id));
      SELECT tenancy.protect('note');
      """;

  private final String url = MigratedDatabase.freshUrl();
  private final ControlPlane controlPlane = ControlPlane.start(RunningControlPlane.config(url));
  private final ApiClient api = OneControlPlane.operator(controlPlane);
  private final URI partitionUrl = URI.create(TestBackends.freshDatabaseUrl());
  private final String partition = Partitions.freshName();
  private final EdgeView edge;

  PlacementsTest() throws InterruptedException {
    edge = new EdgeView(controlPlane);
  }

  @AfterEach
  void stop() {
    edge.close();
    controlPlane.close();
  }

  private JsonObject registration() {
    return Partitions.registration(partition, partitionUrl.toString());
  }

  private String register(JsonObject registration) {
    return Partitions.register(api, registration);
  }

  private void awaitReady(String path) {
    Partitions.awaitReady(api, path);
  }

  private void policy(JsonObject... rules) {
    Reply replaced =
        api.put("/v1/placement-policy", JsonObject.of("rules", new JsonArray(List.of(rules))));
    assertThat(replaced.status()).as(replaced.toString()).isEqualTo(200);
  }

  private String tenant(JsonObject wanted) {
    Reply created = api.post("/v1/tenants", wanted);
    assertThat(created.status()).as(created.toString()).isEqualTo(201);
    return created.header("Location");
  }

  private String placedTenant() {
    String path = tenant(Fresh.tenant());
    awaitPlaced(path);
    return path;
  }

  private void awaitPlaced(String path) {
    Sql.await(() -> {
      JsonObject placement = api.get(path + "/placement").json();
      return placement.getString("state").equals("placed");
    });
  }

  private static UUID idOf(String path) {
    return UUID.fromString(path.substring(path.lastIndexOf('/') + 1));
  }

  private String token(String tenant) throws InterruptedException {
    return edge.token(partition, idOf(tenant));
  }

  private String context(String tenant, boolean withDatabase) throws InterruptedException {
    return withDatabase
        ? edge.context(partition, idOf(tenant))
        : edge.context(idOf(tenant), Optional.empty());
  }

  private JsonObject connectionOf(String tenant) throws InterruptedException {
    Reply told =
        edge.application().get(tenant + "/connection", TenantContext.HEADER, context(tenant, true));
    assertThat(told.status()).as(told.toString()).isEqualTo(200);
    return told.json();
  }

  private static Connection open(JsonObject connection) throws SQLException {
    return DriverManager.getConnection(
        "jdbc:postgresql://%s:%d/%s"
            .formatted(
                connection.getString("host"),
                connection.getInteger("port"),
                connection.getString("database")),
        connection.getString("user"),
        connection.getString("password"));
  }

  /** As who sets the partition up, for the owner of the tables. */
  private void migrate(String database, String schema) throws SQLException {
    String[] login = partitionUrl.getUserInfo().split(":", 2);
    try (Connection admin =
            DriverManager.getConnection(
                "jdbc:postgresql://%s:%d/%s"
                    .formatted(partitionUrl.getHost(), partitionUrl.getPort(), database),
                login[0],
                login[1]);
        Statement statement = admin.createStatement()) {
      statement.execute("SET ROLE gh_" + partition + "_owner");
      statement.execute("SET search_path = " + schema);
      statement.execute(TABLE);
    }
  }

  private static void enter(Connection connection, String token) throws SQLException {
    connection.setAutoCommit(false);
    try (PreparedStatement enter = connection.prepareStatement("SELECT tenancy.enter(?)")) {
      enter.setString(1, token);
      enter.execute();
    }
  }

  private static String one(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      return rows.next() ? String.valueOf(rows.getString(1)) : "nothing";
    }
  }

  @ParameterizedTest
  @EnumSource(IsolationStrategy.class)
  void givesTenantsPlacesWhereEachSeesItsOwnRowsAndNoOthers(IsolationStrategy strategy)
      throws Exception {
    policy(JsonObject.of("strategy", strategy.wireName()));
    String path = register(registration());
    awaitReady(path);
    String acme = placedTenant();
    String globex = placedTenant();
    assertThat(
            edge.told(
                    EdgeTenant.class,
                    it -> it.id().equals(idOf(acme)) && it.placement().isPresent())
                .placement())
        .hasValue(new EdgePlacement(partition, strategy));
    JsonObject ofAcme = connectionOf(acme);
    JsonObject ofGlobex = connectionOf(globex);
    migrate(ofAcme.getString("database"), ofAcme.getString("searchPath"));
    if (strategy != IsolationStrategy.SHARED) {
      migrate(ofGlobex.getString("database"), ofGlobex.getString("searchPath"));
      assertThat(ofAcme.getString("user")).isNotEqualTo(ofGlobex.getString("user"));
    }

    for (var each : Map.of(acme, ofAcme, globex, ofGlobex).entrySet()) {
      try (Connection connection = open(each.getValue());
          Statement statement = connection.createStatement()) {
        enter(connection, token(each.getKey()));
        statement.execute("INSERT INTO note (id, text) VALUES (1, '" + each.getKey() + "')");
        connection.commit();
      }
    }

    try (Connection connection = open(ofAcme)) {
      enter(connection, token(acme));
      assertThat(one(connection, "SELECT string_agg(text, ',') FROM note")).isEqualTo(acme);
      connection.rollback();
      if (strategy == IsolationStrategy.DATABASE) {
        assertThatThrownBy(() -> enter(connection, token(globex)))
            .hasMessageContaining("of another tenant than this database");
      } else if (strategy == IsolationStrategy.SCHEMA) {
        enter(connection, token(globex));
        assertThat(one(connection, "SELECT count(*) FROM note")).isEqualTo("0");
      }
    }
    if (strategy == IsolationStrategy.SCHEMA) {
      try (Connection connection = open(ofAcme)) {
        assertThatThrownBy(() ->
                one(connection, "SELECT text FROM " + ofGlobex.getString("searchPath") + ".note"))
            .hasMessageContaining("permission denied for schema");
      }
    }
    if (strategy == IsolationStrategy.DATABASE) {
      assertThatThrownBy(
              () -> open(ofAcme.copy().put("database", ofGlobex.getString("database"))).close())
          .hasMessageContaining("permission denied for database");
    }
    assertThat(api.get(path).json().getLong("tenants")).isEqualTo(2);
    assertThat(api.get(path + "/placements").json().getJsonArray("items")).hasSize(2);
  }

  @ParameterizedTest
  @EnumSource(IsolationStrategy.class)
  void takesAwayWhatADeletedTenantHadAndNothingOfOthers(IsolationStrategy strategy)
      throws Exception {
    policy(JsonObject.of("strategy", strategy.wireName()));
    awaitReady(register(registration()));
    String gone = placedTenant();
    String stays = placedTenant();
    JsonObject ofGone = connectionOf(gone);
    JsonObject ofStays = connectionOf(stays);
    migrate(ofGone.getString("database"), ofGone.getString("searchPath"));
    if (strategy != IsolationStrategy.SHARED) {
      migrate(ofStays.getString("database"), ofStays.getString("searchPath"));
    }
    for (var each : Map.of(gone, ofGone, stays, ofStays).entrySet()) {
      try (Connection connection = open(each.getValue());
          Statement statement = connection.createStatement()) {
        enter(connection, token(each.getKey()));
        statement.execute("INSERT INTO note (id, text) SELECT n, '' FROM generate_series(1, 7) n");
        connection.commit();
      }
    }

    erase(gone);

    String hex = idOf(gone).toString().replace("-", "");
    try (Sql sql = new Sql(partitionUrl.toString())) {
      assertThat(sql.count("SELECT count(*) FROM pg_roles WHERE rolname LIKE ?", "%" + hex))
          .isZero();
      assertThat(sql.count("SELECT count(*) FROM pg_namespace WHERE nspname LIKE ?", "%" + hex))
          .isZero();
      assertThat(sql.count("SELECT count(*) FROM pg_database WHERE datname LIKE ?", "%" + hex))
          .isZero();
      if (strategy == IsolationStrategy.SHARED) {
        assertThat(sql.count("SELECT count(*) FROM app.note WHERE tenant_id = ?", idOf(gone)))
            .isZero();
      }
    }
    try (Connection connection = open(ofStays)) {
      enter(connection, token(stays));
      assertThat(one(connection, "SELECT count(*) FROM note")).isEqualTo("7");
    }
  }

  private void erase(String tenant) {
    assertThat(api.post(tenant + "/archive", new JsonObject()).status()).isEqualTo(200);
    assertThat(api.delete(tenant).status()).isIn(200, 202, 204);
    try (Sql sql = new Sql(url)) {
      Sql.await(() ->
          sql.count(
                  "SELECT count(*) FROM tenant WHERE id = ? AND erased_at IS NOT NULL",
                  idOf(tenant))
              == 1);
    }
  }

  @Test
  void saysWhatKeepsAPartitionFromBeingReadyAndGoesOnByItself() {
    String path = register(registration().put("password", "wrong"));

    Sql.await(() -> api.get(path).json().containsKey("problem"));

    JsonObject shown = api.get(path).json();
    assertThat(shown.getString("state")).isEqualTo("preparing");
    assertThat(shown.getString("problem")).contains("password authentication failed");
    assertThat(shown.encode()).doesNotContain("wrong");
    String waiting = tenant(Fresh.tenant());
    Sql.await(() -> api.get(waiting + "/placement").json().containsKey("problem"));
    assertThat(api.get(waiting + "/placement").json().getString("problem"))
        .contains("there is no partition that is open, has room and holds tenants as shared");

    String right = registration().getString("password");
    assertThat(api.patch(path, JsonObject.of("password", right)).status()).isEqualTo(200);

    awaitReady(path);
    awaitPlaced(waiting);
    assertThat(api.get(path).json().getString("serverVersion")).isNotBlank();
  }

  @Test
  void placesByPlanTagRegionAndLoad() {
    assertThat(api.post("/v1/plans", JsonObject.of("name", "gold")).status()).isEqualTo(201);
    policy(
        new JsonObject()
            .put("plans", JsonArray.of("gold"))
            .put("strategy", "schema")
            .put("tags", JsonArray.of("fast")),
        JsonObject.of("strategy", "shared"));
    String slow = register(registration().put("capacity", 4));
    String fast =
        register(
            registration()
                .put("name", partition + "-fast")
                .put("database", URI.create(TestBackends.freshDatabaseUrl()).getPath().substring(1))
                .put("tags", JsonArray.of("fast"))
                .put("region", "eu")
                .put("capacity", 2));
    awaitReady(slow);
    awaitReady(fast);

    String gold = tenant(Fresh.tenant().put("billing", JsonObject.of("plan", "gold")));
    awaitPlaced(gold);
    assertThat(placeOf(gold)).isEqualTo(partition + "-fast schema");
    String other = placedTenant();
    assertThat(placeOf(other)).as("the least loaded").isEqualTo(partition + " shared");
    String bound = tenant(Fresh.tenant().put("config", JsonObject.of("region", "eu")));
    awaitPlaced(bound);
    assertThat(placeOf(bound)).isEqualTo(partition + "-fast shared");
    String noRoom = tenant(Fresh.tenant().put("config", JsonObject.of("region", "eu")));
    Sql.await(() -> api.get(noRoom + "/placement").json().containsKey("problem"));
    assertThat(api.get(noRoom + "/placement").json().getString("problem"))
        .contains("in the region eu");
    JsonObject byHand = new JsonObject().put("strategy", "database").put("connection", partition);
    String chosen = tenant(Fresh.tenant().put("config", JsonObject.of("database", byHand)));
    awaitPlaced(chosen);
    assertThat(placeOf(chosen)).isEqualTo(partition + " database");

    JsonObject nowhere = JsonObject.of("connection", "nowhere");
    Reply unknown =
        api.post("/v1/tenants", Fresh.tenant().put("config", JsonObject.of("database", nowhere)));
    assertThat(unknown.problem()).isEqualTo("unknown-partition");
    assertThat(unknown.pointers()).containsExactly("/config/database/connection");
    Reply moved =
        api.patch(
            chosen,
            JsonObject.of(
                "config", JsonObject.of("database", JsonObject.of("strategy", "shared"))));
    assertThat(moved.problem()).isEqualTo("invalid-body");
    assertThat(moved.pointers()).containsExactly("/config/database/strategy");
    assertThat(api.delete(slow).problem()).isEqualTo("partition-in-use");
  }

  private String placeOf(String tenant) {
    JsonObject placement = api.get(tenant + "/placement").json();
    return placement.getString("partition") + " " + placement.getString("strategy");
  }

  @Test
  void changesKeysWithoutARefusedToken() throws Exception {
    String path = register(registration());
    awaitReady(path);
    String tenant = placedTenant();
    JsonObject connection = connectionOf(tenant);
    EdgePartitionKey first = edge.key(partition);

    Reply rotated = api.post(path + "/rotate-key");
    assertThat(rotated.status()).as(rotated.toString()).isEqualTo(202);
    EdgePartitionKey second =
        edge.told(
            EdgePartitionKey.class,
            key -> key.partition().equals(partition) && !key.id().equals(first.id()));

    assertThat(second.mintsFrom()).isAfter(Instant.now());
    try (Connection open = open(connection)) {
      for (EdgePartitionKey each : List.of(first, second)) {
        enter(open, each.read().mint(idOf(tenant), Instant.now().plusSeconds(60)));
        assertThat(one(open, "SELECT tenancy.current_tenant()")).isEqualTo(idOf(tenant).toString());
        open.rollback();
      }
    }
    assertThat(api.post(path + "/rotate-key").json().getJsonArray("keys"))
        .as("one is on its way already")
        .hasSize(2);
    try (Sql sql = new Sql(url)) {
      Sql.await(
          () -> sql.count("SELECT count(*) FROM partition_key WHERE ends_at IS NOT NULL") == 1);
      endWhilePartitionIsPrepared(path, sql);
    }
    Sql.await(() -> api.get(path).json().getJsonArray("keys").size() == 1);
    try (Connection open = open(connection)) {
      assertThatThrownBy(
              () -> enter(open, first.read().mint(idOf(tenant), Instant.now().plusSeconds(60))))
          .hasMessageContaining("not valid in this database");
    }
  }

  /** What is kept where tenants share: in a parameter that a superuser grants, or else sealed. */
  @ParameterizedTest
  @CsvSource({"true, SHARED", "false, SHARED", "false, SCHEMA", "false, DATABASE"})
  void needsNoSuperuser(boolean superuser, IsolationStrategy strategy) throws Exception {
    JsonObject registration = registration();
    if (!superuser) {
      makeAdministrator(registration);
    }
    String path = register(registration);
    awaitReady(path);
    policy(JsonObject.of("strategy", strategy.wireName()));
    String tenant = placedTenant();
    JsonObject connection = connectionOf(tenant);
    migrate(connection.getString("database"), connection.getString("searchPath"));

    String hex = idOf(tenant).toString().replace("-", "");
    try (Connection open = open(connection)) {
      enter(open, token(tenant));
      assertThat(one(open, "INSERT INTO note (id, text) VALUES (1, 'a') RETURNING tenant_id"))
          .isEqualTo(idOf(tenant).toString());
      assertThat(one(open, "SHOW backtrace_functions"))
          .isEqualTo(superuser ? "gatehouse_" + hex : "");
      open.commit();
      erase(tenant);
    }
    try (Sql sql = new Sql(partitionUrl.toString())) {
      assertThat(sql.count("SELECT count(*) FROM pg_roles WHERE rolname LIKE ?", "%" + hex))
          .isZero();
    }
  }

  /** Who may no more than the documentation asks for. */
  private void makeAdministrator(JsonObject registration) {
    String name = "admin_" + UUID.randomUUID().toString().substring(0, 8);
    String database = registration.getString("database");
    try (Sql sql = new Sql(partitionUrl.toString())) {
      sql.execute("CREATE ROLE " + name + " LOGIN CREATEROLE CREATEDB PASSWORD 'its own'");
      sql.execute("ALTER DATABASE %s OWNER TO %s".formatted(database, name));
    }
    registration.put("user", name).put("password", "its own");
  }

  /** Keys that have a successor end when their partition's job is at work with them. */
  private void endWhilePartitionIsPrepared(String path, Sql sql) {
    Sql.await(() ->
        sql.count(
                "SELECT count(*) FROM job WHERE kind = 'partition' AND leased_until IS NULL AND due_at > now()")
            == 1);
    try (Sql busy = new Sql(partitionUrl.toString())) {
      busy.execute("BEGIN");
      busy.execute("SELECT pg_advisory_xact_lock(hashtext('gatehouse.partition'))");
      assertThat(api.patch(path, JsonObject.of("open", true)).status()).isEqualTo(200);
      Sql.await(() ->
          busy.count(
                  "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
                      + " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())")
              > 0);
      sql.execute("UPDATE partition_key SET ends_at = now() WHERE ends_at IS NOT NULL");
    }
  }

  @Test
  void tellsApplicationsOfTenantsOfWhomTheyHaveRequestsAlone() throws Exception {
    awaitReady(register(registration()));
    String acme = placedTenant();
    String globex = placedTenant();
    ApiClient application = edge.application();
    String header = TenantContext.HEADER;

    Reply told = application.get(acme + "/connection", header, context(acme, true));
    assertThat(told.status()).as(told.toString()).isEqualTo(200);
    assertThat(application.get(acme + "/connection").status()).isEqualTo(400);
    assertThat(application.get(acme + "/connection", header, context(globex, true)).problem())
        .isEqualTo("context-refused");
    assertThat(application.get(acme + "/connection", header, context(acme, false)).problem())
        .isEqualTo("context-refused");
    assertThat(application.get(acme + "/connection", header, "no.jws.atall").problem())
        .isEqualTo("context-refused");
    String forged = context(acme, true).replaceAll(".{4}$", "AAAA");
    assertThat(application.get(acme + "/connection", header, forged).problem())
        .isEqualTo("context-refused");
    assertThat(application.get(acme).status()).isIn(403, 404);
    assertThat(application.get("/v1/partitions").status()).isEqualTo(403);
  }

  @Test
  void showsNoPasswordAnywhere() throws Exception {
    String planted = "pl4nted-" + UUID.randomUUID();
    String path = register(registration().put("password", planted));
    Sql.await(() -> api.get(path).json().containsKey("problem"));
    String right = registration().getString("password");
    assertThat(api.patch(path, JsonObject.of("password", right)).status()).isEqualTo(200);
    awaitReady(path);
    policy(JsonObject.of("strategy", "schema"));
    String tenant = placedTenant();
    String password = connectionOf(tenant).getString("password");
    String secret = edge.key(partition).secret();

    try (Sql sql = new Sql(url)) {
      for (String table :
          sql.texts(
              "SELECT format('%I.%I', table_schema, table_name) FROM information_schema.tables"
                  + " WHERE table_schema NOT IN ('pg_catalog', 'information_schema')"
                  + " AND table_type = 'BASE TABLE'")) {
        for (String each : List.of(planted, password, secret)) {
          assertThat(
                  sql.count(
                      "SELECT count(*) FROM " + table + " t WHERE t::text LIKE ?",
                      "%" + each + "%"))
              .as(table)
              .isZero();
        }
      }
    }
    assertThat(api.get("/v1/audit?limit=200").text()).doesNotContain(planted, password, secret);
  }
}

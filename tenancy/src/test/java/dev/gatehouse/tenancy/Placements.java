package dev.gatehouse.tenancy;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.gatehouse.contract.context.ContextRefusedException;
import dev.gatehouse.contract.context.ContextSigner;
import dev.gatehouse.contract.context.ContextVerifier;
import dev.gatehouse.contract.context.SignedContext;
import dev.gatehouse.contract.context.SigningKeys;
import dev.gatehouse.contract.context.TenantContext;
import dev.gatehouse.contract.database.ControlPlaneConnections;
import dev.gatehouse.contract.database.DatabaseAccess;
import dev.gatehouse.contract.database.DatabaseTokenKey;
import dev.gatehouse.contract.database.IsolationStrategy;
import dev.gatehouse.contract.database.TlsMode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Tenants whose data are placed by one of the strategies on a real server, with roles, schemas and
 * databases as the control plane makes them; and what answers applications where they are. Each
 * tenant has three notes.
 */
public final class Placements implements AutoCloseable {
  /** The service that requests are for. */
  public static final String SERVICE = "notes";

  /** What an application asks the control plane with. */
  public static final String OPERATOR_TOKEN = "gho_of_this_test";

  private static final String AUDIENCE = "eu-1";
  private static final String PASSWORD = "s'ecret \\ \"quoted\"";

  static final String TABLE =
      "CREATE TABLE note (tenant_id uuid, id int, text text, PRIMARY KEY (tenant_id, id)); "
          + "SELECT tenancy.protect('note')";

  private final IsolationStrategy strategy;
  private final Keeping keeping;
  private final String blueprint;
  private final String suffix = UUID.randomUUID().toString().substring(0, 8);
  private final URI server;
  private final DatabaseTokenKey key = new DatabaseTokenKey("k0000001", Scene.secret(1), AUDIENCE);
  private final String signingKey = SigningKeys.generate();
  private final ContextSigner signer = ContextSigner.of(signingKey);
  private final ContextVerifier verifier =
      ContextVerifier.withKeys(SERVICE, SigningKeys.publicJwks(List.of(signingKey)));
  private final Map<UUID, Place> places = new ConcurrentHashMap<>();
  private final HttpServer controlPlane;
  private final ExecutorService threads;
  private volatile String host;
  private volatile String encryption = "\"tls\":\"disable\"";
  final AtomicInteger questions = new AtomicInteger();

  /** What the control plane says of a tenant. */
  public record Place(int port, String database, String user, String password, String replicas) {
    Place withPassword(String other) {
      return new Place(port, database, user, other, replicas);
    }

    Place at(int otherPort) {
      return new Place(otherPort, database, user, password, replicas);
    }

    Place withReplicas(int... ports) {
      return withReplicasAt("127.0.0.1", ports);
    }

    Place withReplicasAt(String host, int... ports) {
      List<String> all =
          Arrays.stream(ports)
              .mapToObj(each -> "{\"host\":\"%s\",\"port\":%d}".formatted(host, each))
              .toList();
      return new Place(port, database, user, password, String.join(",", all));
    }
  }

  Placements(IsolationStrategy strategy, Postgres postgres) throws Exception {
    this(strategy, postgres.url(), TABLE);
  }

  /** Whose databases keep in the parameter whose a transaction is. */
  public Placements(IsolationStrategy strategy, String url, String blueprint) throws Exception {
    this(strategy, Keeping.PARAMETER, url, blueprint);
  }

  /**
   * @param keeping where the database keeps whose a transaction is, if tenants share it
   * @param url of a superuser
   * @param blueprint the application's tables
   */
  public Placements(IsolationStrategy strategy, Keeping keeping, String url, String blueprint)
      throws Exception {
    this.strategy = strategy;
    this.keeping = keeping;
    this.blueprint = blueprint;
    this.server = URI.create(url);
    this.host = server.getHost();
    if (strategy != IsolationStrategy.DATABASE) {
      createDatabase("data_" + suffix);
    }
    if (strategy == IsolationStrategy.SHARED) {
      createRole("app_" + suffix, "data_" + suffix, "app");
    }
    controlPlane = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    controlPlane.createContext("/v1/tenants/", this::answer);
    byte[] keys = SigningKeys.publicJwks(List.of(signingKey)).getBytes(UTF_8);
    controlPlane.createContext(
        TenantContext.JWKS_PATH,
        exchange -> {
          exchange.sendResponseHeaders(200, keys.length);
          exchange.getResponseBody().write(keys);
          exchange.close();
        });
    threads = Executors.newVirtualThreadPerTaskExecutor();
    controlPlane.setExecutor(threads);
    controlPlane.start();
  }

  /** A new tenant; with three notes if the table is of these tests, {@code NAME 1} and so on. */
  public UUID tenant(String name) throws SQLException {
    UUID tenant = UUID.randomUUID();
    String hex = tenant.toString().replace("-", "");
    String database = "data_" + suffix;
    String user = "app_" + suffix;
    if (strategy != IsolationStrategy.SHARED) {
      user = "gh_" + hex;
      if (strategy == IsolationStrategy.DATABASE) {
        database = "db_" + hex;
        createDatabase(database);
      }
      createRole(user, database, "t_" + hex);
    }
    places.put(tenant, new Place(server.getPort(), database, user, PASSWORD, ""));
    if (!blueprint.equals(TABLE)) {
      return tenant;
    }
    try (Connection connection =
        DriverManager.getConnection(
            "jdbc:postgresql://" + server.getHost() + ":" + server.getPort() + "/" + database,
            user,
            PASSWORD)) {
      connection.setAutoCommit(false);
      Scene.query(connection, "SELECT tenancy.enter('" + token(tenant) + "')");
      Scene.execute(
          connection,
          "INSERT INTO note (id, text) SELECT i, '%s ' || i FROM generate_series(1, 3) i"
              .formatted(name));
      connection.commit();
    }
    return tenant;
  }

  private String token(UUID tenant) {
    return key.mint(tenant, Instant.now().plusSeconds(60));
  }

  private void createDatabase(String database) throws SQLException {
    String tenancy = "tenancy_" + database;
    try (Connection first = superuser("postgres")) {
      Scene.execute(
          first,
          "CREATE ROLE " + tenancy,
          "CREATE DATABASE %s OWNER %s".formatted(database, tenancy));
    }
    try (Connection owner = superuser(database)) {
      TenancySchema schema = new TenancySchema(owner);
      if (keeping == Keeping.PARAMETER) {
        Scene.grantParameter(owner, tenancy);
      }
      Scene.execute(owner, "SET ROLE " + tenancy);
      schema.install();
      schema.putTokenKey(key.id(), Scene.secret(1), AUDIENCE);
    }
  }

  /** A role that finds its tables in a schema of this database, and may use them. */
  private void createRole(String user, String database, String schema) throws SQLException {
    try (Connection owner = superuser(database)) {
      Scene.execute(
          owner,
          "CREATE ROLE %s LOGIN PASSWORD '%s'".formatted(user, PASSWORD.replace("'", "''")),
          "SELECT tenancy.admit('" + user + "')",
          "ALTER ROLE %s SET search_path = %s".formatted(user, schema),
          "CREATE SCHEMA " + schema,
          "SET search_path = " + schema,
          blueprint,
          "GRANT USAGE ON SCHEMA %s TO %s".formatted(schema, user),
          "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA %s TO %s"
              .formatted(schema, user));
    }
  }

  /** A connection of the server's owner. */
  Connection superuser(String database) throws SQLException {
    String[] login = server.getUserInfo().split(":", 2);
    return DriverManager.getConnection(
        "jdbc:postgresql://" + server.getHost() + ":" + server.getPort() + "/" + database,
        login[0],
        login[1]);
  }

  /** What the control plane says of a tenant. */
  public Place placeOf(UUID tenant) {
    return Objects.requireNonNull(places.get(tenant));
  }

  /** From now on the control plane says this. */
  void put(UUID tenant, Place place) {
    places.put(tenant, place);
  }

  /** From now on the control plane says this of all. */
  void encrypt(String otherHost, TlsMode tls, Optional<String> trust) {
    host = otherHost;
    encryption =
        "\"tls\":\"%s\"".formatted(tls.wireName())
            + trust.map(pem -> ",\"trust\":\"" + pem.replace("\n", "\\n") + "\"").orElse("");
  }

  /** The control plane is away from now on. */
  void stopControlPlane() {
    controlPlane.stop(0);
  }

  /** Where the control plane is. */
  public URI url() {
    return URI.create("http://127.0.0.1:" + controlPlane.getAddress().getPort());
  }

  /** Who asks it. */
  public ControlPlaneConnections source() {
    return new ControlPlaneConnections(url(), () -> OPERATOR_TOKEN);
  }

  /** A request of this tenant, as a service with {@code databaseToken} gets it. */
  public SignedContext request(UUID tenant) {
    return request(tenant, Optional.of(new DatabaseAccess(AUDIENCE, strategy, token(tenant))));
  }

  SignedContext request(UUID tenant, Instant ends) {
    return request(
        tenant, Optional.of(new DatabaseAccess(AUDIENCE, strategy, key.mint(tenant, ends))));
  }

  SignedContext request(UUID tenant, Optional<DatabaseAccess> access) {
    Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    String jws =
        signer.sign(
            new TenantContext(
                tenant,
                "acme",
                "ada",
                Set.of("editor"),
                Set.of(),
                "api-key",
                SERVICE,
                now,
                now.plusSeconds(60),
                access));
    try {
      return verifier.verifySigned(jws);
    } catch (ContextRefusedException e) {
      throw new AssertionError(e);
    }
  }

  private void answer(HttpExchange exchange) throws IOException {
    questions.incrementAndGet();
    String[] path = exchange.getRequestURI().getPath().split("/", -1);
    Place place = places.get(UUID.fromString(path[3]));
    int status = place == null ? 404 : isAllowed(exchange, path[3]) ? 200 : 403;
    String body =
        place == null || status != 200
            ? "{\"title\":\"no\",\"detail\":\"nothing for you here\"}"
            : """
            {"partition":"eu-1","strategy":"%s","host":"%s","port":%d,"database":"%s",
             "user":"%s","password":%s,"searchPath":"app",%s,"replicas":[%s],
             "connectionLimit":20,"something":"new"}
            """
                .formatted(
                    strategy.wireName(),
                    host,
                    place.port(),
                    place.database(),
                    place.user(),
                    "\"" + place.password().replace("\\", "\\\\").replace("\"", "\\\"") + "\"",
                    encryption,
                    place.replicas());
    byte[] bytes = body.getBytes(UTF_8);
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  /** As the control plane does: who asks is the application, for a request that it has. */
  private boolean isAllowed(HttpExchange exchange, String tenant) {
    String jws = exchange.getRequestHeaders().getFirst(TenantContext.HEADER);
    try {
      return ("Bearer " + OPERATOR_TOKEN)
              .equals(exchange.getRequestHeaders().getFirst("Authorization"))
          && jws != null
          && verifier.verify(jws).tenantId().toString().equals(tenant);
    } catch (ContextRefusedException e) {
      return false;
    }
  }

  @Override
  public void close() {
    controlPlane.stop(0);
    threads.close();
  }
}

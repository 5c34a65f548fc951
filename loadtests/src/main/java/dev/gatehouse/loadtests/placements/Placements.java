package dev.gatehouse.loadtests.placements;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatehouse.contract.database.IsolationStrategy;
import dev.gatehouse.controlplane.ControlPlane;
import dev.gatehouse.controlplane.ControlPlaneConfig;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;

/** A control plane with one partition, into which tenants are imported. */
public final class Placements {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration PATIENCE = Duration.ofMinutes(30);
  private static final int LOOK_MILLIS = 100;

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final String origin;
  private final String token;
  private final URI server;

  /** A control plane of its own, on a free port. */
  public static ControlPlaneConfig controlPlane(String databaseUrl) {
    return new ControlPlaneConfig(
        new ControlPlaneConfig.Http("127.0.0.1", 0),
        new ControlPlaneConfig.DatabaseConfig(databaseUrl, 10),
        "gatehouse.test",
        Base64.getEncoder().encodeToString(new byte[32]),
        Optional.empty());
  }

  /**
   * @param partitionUrl of a superuser, with the password
   */
  public Placements(ControlPlane controlPlane, String partitionUrl) {
    this.origin = "http://127.0.0.1:" + controlPlane.port();
    this.token = controlPlane.firstTokens().orElseThrow().operatorToken();
    this.server = URI.create(partitionUrl);
  }

  /**
   * What was measured.
   *
   * @param took from the begin of the import until the last tenant was placed
   * @param mostConnections of the partition's server at once, seen ten times a second
   */
  public record Outcome(Duration took, long mostConnections) {}

  /** Registers the partition, and returns when it is ready. */
  public void register() throws IOException, InterruptedException {
    String[] login = server.getUserInfo().split(":", 2);
    ObjectNode partition =
        JSON.createObjectNode()
            .put("name", "p1")
            .put("host", server.getHost())
            .put("port", server.getPort())
            .put("database", server.getPath().substring(1))
            .put("user", login[0])
            .put("password", login[1])
            .put("capacity", 1_000_000);
    send("POST", "/v1/partitions", partition.toString(), "application/json");
    while (!get("/v1/partitions/p1").path("state").asText().equals("ready")) {
      Thread.sleep(LOOK_MILLIS);
    }
  }

  /** Imports tenants and waits until each has its place. */
  public Outcome place(IsolationStrategy strategy, int tenants)
      throws IOException, InterruptedException, SQLException {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < tenants; i++) {
      lines.append(
          "{\"slug\": \"%1$s-%2$d\", \"name\": \"%1$s %2$d\", \"config\": {\"database\": {\"strategy\": \"%1$s\"}}}%n"
              .formatted(strategy.wireName(), i));
    }
    long wanted = placed() + tenants;
    long begin = System.nanoTime();
    send("POST", "/v1/tenants/imports", lines.toString(), "application/x-ndjson");
    long most = 0;
    while (placed() < wanted) {
      if (System.nanoTime() - begin > PATIENCE.toNanos()) {
        throw new IOException(placed() + " of " + wanted + " tenants are placed after " + PATIENCE);
      }
      most = Math.max(most, one("SELECT count(*) FROM pg_stat_activity WHERE datname IS NOT NULL"));
      Thread.sleep(LOOK_MILLIS);
    }
    return new Outcome(Duration.ofNanos(System.nanoTime() - begin), most);
  }

  long diskBytes() throws SQLException {
    return one("SELECT sum(pg_database_size(oid)) FROM pg_database");
  }

  private long placed() throws IOException, InterruptedException {
    return get("/v1/partitions/p1").path("placed").asLong();
  }

  private long one(String query) throws SQLException {
    String[] login = server.getUserInfo().split(":", 2);
    String url =
        String.format(
            Locale.ROOT,
            "jdbc:postgresql://%s:%d%s",
            server.getHost(),
            server.getPort(),
            server.getPath());
    try (Connection connection = DriverManager.getConnection(url, login[0], login[1]);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      rows.next();
      return rows.getLong(1);
    }
  }

  /** Asks the control plane. */
  public JsonNode get(String path) throws IOException, InterruptedException {
    HttpRequest request = request(path).GET().build();
    return JSON.readTree(client.send(request, HttpResponse.BodyHandlers.ofString()).body());
  }

  /**
   * Tells the control plane something.
   *
   * @return its answer
   */
  public JsonNode send(String method, String path, String body, String type)
      throws IOException, InterruptedException {
    HttpResponse<String> answer =
        client.send(
            request(path)
                .header("Content-Type", type)
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    if (answer.statusCode() / 100 != 2) {
      throw new IOException(path + " was answered " + answer.statusCode() + ": " + answer.body());
    }
    return JSON.readTree(answer.body());
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(origin + path))
        .header("Authorization", "Bearer " + token);
  }
}

package dev.gatehouse.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.contract.edge.AuthenticationMethod;
import dev.gatehouse.contract.edge.EdgeApiKey;
import dev.gatehouse.contract.edge.EgressBudget;
import dev.gatehouse.contract.edge.EgressBudget.Action;
import dev.gatehouse.contract.security.EgressTaken;
import dev.gatehouse.contract.security.SecurityEvent;
import dev.gatehouse.contract.security.SecurityEvent.Kind;
import dev.gatehouse.contract.token.SecretToken;
import dev.gatehouse.gateway.Platform.TestTenant;
import dev.gatehouse.gateway.RawClient.Response;
import dev.gatehouse.gateway.exfiltration.ExfiltrationConfig;
import dev.gatehouse.gateway.exfiltration.PeriodConfig;
import dev.gatehouse.gateway.exfiltration.WindowConfig;
import dev.gatehouse.gateway.security.ProbingConfig;
import dev.gatehouse.gateway.security.SecurityConfig;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.SocketAddress;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What becomes of callers and tenants to whom more leaves than may, on real sockets. */
@Timeout(60)
class ExfiltrationTest {
  private static final long BUDGET = 1_000_000;

  private final Vertx vertx = Vertx.vertx();
  private Platform platform;
  private TestTenant tenant;

  @BeforeEach
  void start() throws Exception {
    start(WindowConfig.DEFAULT, PeriodConfig.DEFAULT);
    tenant = tenant(Action.CUT_OFF);
  }

  private void start(WindowConfig window, PeriodConfig period) throws Exception {
    ExfiltrationConfig defaults = ExfiltrationConfig.DEFAULT;
    ExfiltrationConfig exfiltration =
        new ExfiltrationConfig(
            defaults.budget(),
            window,
            period,
            defaults.breakOff(),
            defaults.recordsHeader(),
            defaults.maxPrincipals(),
            defaults.maxPrincipalsPerTenant());
    SecurityConfig security =
        new SecurityConfig(Duration.ofHours(1), 50, 3, 1000, ProbingConfig.DEFAULT)
            .with(exfiltration);
    platform = new Platform(config -> Platform.with(config, security));
  }

  @AfterEach
  void stop() {
    vertx.close().await();
    platform.close();
  }

  private static EgressBudget budget(Action action, OptionalLong records, OptionalLong whole) {
    return new EgressBudget(
        Optional.of(action), OptionalLong.of(BUDGET), records, whole, OptionalLong.empty());
  }

  private TestTenant tenant(Action action) throws Exception {
    return platform.tenant(
        edge -> edge.with(budget(action, OptionalLong.empty(), OptionalLong.empty())));
  }

  private Response get(TestTenant of, String mode) throws IOException {
    return get(of, of.key(), mode);
  }

  private Response get(TestTenant of, SecretToken key, String mode) throws IOException {
    return RawClient.send(
        platform.gateway.httpPort(),
        "GET /?mode=" + mode + " HTTP/1.1",
        "Host: " + of.host(),
        "X-API-Key: " + key.reveal());
  }

  /** One more caller of the tenant. */
  private SecretToken key(TestTenant of) throws InterruptedException {
    SecretToken key = SecretToken.generate(SecretToken.Kind.API_KEY);
    platform.feed.awaitApplied(
        platform.feed.put(
            new EdgeApiKey(
                key.id(),
                of.edge().id(),
                HexFormat.of().formatHex(key.hash()),
                "robot",
                Set.of(),
                Optional.empty())));
    return key;
  }

  private void takeTooMuch(TestTenant of) {
    assertThatThrownBy(() -> get(of, "large")).isInstanceOf(IOException.class);
  }

  @Test
  void breaksOffAndThenRefusesUntilTheWindowEnds() throws Exception {
    assertThat(get(tenant, "none").status()).isEqualTo(200);

    assertThatThrownBy(() -> get(tenant, "large")).hasMessageContaining("the connection ended");

    Response refused = get(tenant, "none");
    assertThat(refused.status()).isEqualTo(429);
    assertThat(new JsonObject(refused.body()).getString("type"))
        .isEqualTo("https://gatehouse.dev/problems/egress-budget");
    assertThat(Integer.parseInt(refused.header("Retry-After"))).isBetween(1, 601);
    assertThat(get(tenant, key(tenant), "none").status()).as("another caller").isEqualTo(200);
    assertThat(get(tenant(Action.CUT_OFF), "none").status()).as("another tenant").isEqualTo(200);
  }

  @Test
  void breaksOffAStreamOfHttp2AsThatProtocolSays() throws Exception {
    HttpClient client =
        TestClients.http(
            vertx,
            new HttpClientOptions()
                .setProtocolVersion(HttpVersion.HTTP_2)
                .setHttp2ClearTextUpgrade(false));
    RequestOptions options =
        new RequestOptions()
            .setMethod(HttpMethod.GET)
            .setServer(SocketAddress.inetSocketAddress(platform.gateway.httpPort(), "127.0.0.1"))
            .setHost(tenant.host())
            .setPort(platform.gateway.httpPort())
            .setURI("/?mode=large")
            .putHeader("X-API-Key", tenant.key().reveal());

    assertThatThrownBy(() ->
            client
                .request(options)
                .compose(request -> request.send().compose(response -> response.body()))
                .await(20, TimeUnit.SECONDS))
        .hasMessageContaining("reset: 8");
  }

  /** By a close frame where none is under way, as here, where each comes by itself. */
  @Test
  void closesAWebSocket() throws Exception {
    TestTenant little =
        platform.tenant(edge ->
            edge.with(
                new EgressBudget(
                    Optional.of(Action.CUT_OFF),
                    OptionalLong.of(5000),
                    OptionalLong.empty(),
                    OptionalLong.empty(),
                    OptionalLong.empty())));
    WebSocket socket =
        TestClients.webSocket(vertx)
            .connect(
                new WebSocketConnectOptions()
                    .setHost("127.0.0.1")
                    .setPort(platform.gateway.httpPort())
                    .setURI("/echo")
                    .addHeader("Host", little.host())
                    .addHeader("X-API-Key", little.key().reveal()))
            .await();
    CompletableFuture<Short> closed = new CompletableFuture<>();
    socket.closeHandler(_ -> closed.complete(socket.closeStatusCode()));
    String text = "x".repeat(1000);
    AtomicInteger echoes = new AtomicInteger();
    socket.textMessageHandler(_ -> {
      // The fifth is too much.
      if (echoes.incrementAndGet() < 5) {
        socket.writeTextMessage(text);
      }
    });
    socket.writeTextMessage(text);

    assertThat(closed.get(20, TimeUnit.SECONDS)).isEqualTo((short) 1008);
    assertThat(echoes).hasValue(5);
    assertThat(get(little, "none").status()).isEqualTo(429);
  }

  @Test
  void cutsOffTheWholeTenantByItsOwnBudget() throws Exception {
    TestTenant open =
        platform.tenant(edge ->
            Platform.with(
                    edge, Set.of(AuthenticationMethod.ANONYMOUS, AuthenticationMethod.API_KEY))
                .with(budget(Action.CUT_OFF, OptionalLong.empty(), OptionalLong.of(BUDGET))));
    takeTooMuch(open);

    Response anonymous =
        RawClient.send(platform.gateway.httpPort(), "GET / HTTP/1.1", "Host: " + open.host());

    assertThat(anonymous.status()).isEqualTo(429);
    assertThat(get(tenant, "none").status()).isEqualTo(200);
  }

  @Test
  void countsRecordsOfWhichTheServiceTells() throws Exception {
    TestTenant few =
        platform.tenant(
            edge -> edge.with(budget(Action.CUT_OFF, OptionalLong.of(1001), OptionalLong.empty())));

    assertThat(get(few, "records").header("X-Record-Count")).as("passed on").isEqualTo("500");
    assertThat(get(few, "records").status()).isEqualTo(200);
    assertThat(get(few, "none").status()).isEqualTo(200);

    Response tooMuch = get(few, "records");

    assertThat(tooMuch.status()).as("withheld, as its head tells").isEqualTo(429);
    assertThat(tooMuch.header("Retry-After")).isNotEmpty();
    assertThat(get(few, "none").status()).isEqualTo(429);
  }

  @Test
  void tellsTheAuditTrail() throws Exception {
    takeTooMuch(tenant);
    TestTenant alarmed = tenant(Action.ALARM);
    assertThat(get(alarmed, "large").body()).hasSize(5_000_000);
    TestTenant observed = tenant(Action.OBSERVE);
    assertThat(get(observed, "large").body()).hasSize(5_000_000);
    platform.gateway.close();

    List<SecurityEvent> events = platform.feed.nextReport().events();

    assertThat(events)
        .extracting(SecurityEvent::kind)
        .containsExactly(Kind.EGRESS_CUT_OFF, Kind.EGRESS_ALARM);
    assertThat(events)
        .extracting(event -> event.tenant().orElseThrow())
        .containsExactly(tenant.edge().id(), alarmed.edge().id());
    SecurityEvent event = events.getFirst();
    EgressTaken taken = event.egress().orElseThrow();
    assertThat(event.address()).isEqualTo("127.0.0.1");
    assertThat(event.from()).isBefore(event.to());
    assertThat(taken.principal()).isPresent();
    assertThat(taken.bytes().taken()).isBetween(BUDGET, 2 * BUDGET);
    assertThat(taken.bytes().most()).hasValue(BUDGET);
    assertThat(taken.bytes().usual()).isEmpty();
  }

  /** Windows end by themselves, and what is usual is learned without a word of anybody's. */
  @Test
  void learnsWhatIsUsual() throws Exception {
    platform.close();
    Duration window = Duration.ofMillis(300);
    start(
        new WindowConfig(window, 20, 4, 8, 1000, 1_000_000),
        new PeriodConfig(window.multipliedBy(1000), 7, 5, 5, 1L << 40, 1L << 40));
    TestTenant usual = platform.tenant();
    Eventually.holds(() -> {
      assertThat(get(usual, "none").status()).isEqualTo(200);
      return learnedFrom(usual) >= 4;
    });

    // No window holds a hundred times as much by chance.
    get(usual, "large");

    assertThat(metrics())
        .contains("gatehouse_exfiltration_alarms_total{action=\"alarm\",of=\"principal\"");
    assertThat(get(usual, "none").status()).as("only an alarm").isEqualTo(200);
  }

  private int learnedFrom(TestTenant of) throws Exception {
    HttpResponse<String> view = admin("GET", "/exfiltration?tenant=" + of.edge().id());
    return new JsonObject(view.body())
        .getJsonArray("most")
        .getJsonObject(0)
        .getJsonObject("window")
        .getInteger("learnedFrom");
  }

  private String metrics() throws Exception {
    return admin("GET", "/metrics").body();
  }

  @Test
  void showsTheOperatorWhatLeftAndLetsHimLearnAnew() throws Exception {
    String path = "/exfiltration?tenant=" + tenant.edge().id();
    assertThat(admin("GET", path).statusCode()).isEqualTo(404);
    takeTooMuch(tenant);

    JsonObject view = new JsonObject(admin("GET", path).body());

    JsonObject most = view.getJsonArray("most").getJsonObject(0);
    assertThat(view.getString("action")).isEqualTo("cut-off");
    assertThat(most.getString("principal")).isEqualTo(tenant.key().id());
    assertThat(most.getBoolean("cutOff")).isTrue();
    assertThat(most.getJsonObject("window").getJsonObject("bytes").getLong("most"))
        .isEqualTo(BUDGET);
    assertThat(admin("DELETE", path).statusCode()).isEqualTo(200);
    assertThat(get(tenant, "none").status()).isEqualTo(200);
    assertThat(admin("GET", "/exfiltration?tenant=x").statusCode()).isEqualTo(400);
    assertThat(admin("POST", path).statusCode()).isEqualTo(405);
  }

  @Test
  void isExplained() throws Exception {
    takeTooMuch(tenant);

    JsonObject explained =
        new JsonObject(
            admin(
                    "GET",
                    "/explain?url=http://"
                        + tenant.host()
                        + "/&header=X-API-Key:"
                        + tenant.key().reveal())
                .body());

    assertThat(explained.getString("verdict")).isEqualTo("refused");
    assertThat(explained.encode()).contains("egress-budget");
  }

  private HttpResponse<String> admin(String method, String path) throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + platform.gateway.adminPort() + path);
    try (java.net.http.HttpClient client = java.net.http.HttpClient.newHttpClient()) {
      return client.send(
          HttpRequest.newBuilder(uri).method(method, HttpRequest.BodyPublishers.noBody()).build(),
          HttpResponse.BodyHandlers.ofString());
    }
  }
}

package dev.gatehouse.controlplane.feed;

import dev.gatehouse.controlplane.api.Caller;
import dev.gatehouse.controlplane.api.ClientAddresses;
import dev.gatehouse.controlplane.api.GatewayAuthentication;
import dev.gatehouse.controlplane.api.Problem;
import dev.gatehouse.controlplane.api.ProblemException;
import dev.gatehouse.controlplane.api.ProblemHandler;
import dev.gatehouse.controlplane.api.RateLimitConfig;
import dev.gatehouse.controlplane.api.RateLimits;
import dev.gatehouse.controlplane.api.TokenBounds;
import dev.gatehouse.controlplane.secret.TenantSealers;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.ThreadingModel;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/** A control-plane instance with nothing but the feed. */
final class FeedServer implements AutoCloseable {
  static final String AUTHORIZATION = "Bearer gateway";

  private static final RateLimits LIMITS = new RateLimits(RateLimitConfig.DEFAULT);

  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  private final Vertx vertx = Vertx.vertx();
  private final EdgeFeed feed;
  private final AtomicInteger port = new AtomicInteger();

  FeedServer(FeedDatabase database, FeedConfig config) {
    this.feed =
        EdgeFeed.start(
            vertx,
            database.database(),
            database.options(),
            database.sealer(),
            TenantSealers.none(database.sealer()),
            config);
    vertx
        .deployVerticle(
            new Listener(),
            new DeploymentOptions().setThreadingModel(ThreadingModel.VIRTUAL_THREAD))
        .await();
  }

  FeedServer(FeedDatabase database) {
    this(database, quick());
  }

  /** The defaults with a heartbeat that tests can wait for. */
  static FeedConfig quick() {
    return with(Duration.ofMillis(200), Duration.ofSeconds(10), 4096, Duration.ofSeconds(10));
  }

  static FeedConfig with(
      Duration heartbeat, Duration writeTimeout, int windowChanges, Duration lease) {
    FeedConfig defaults = FeedConfig.defaults();
    return new FeedConfig(
        heartbeat,
        writeTimeout,
        defaults.chunkBytes(),
        windowChanges,
        defaults.concurrentSnapshots(),
        defaults.tombstoneAge(),
        defaults.maxTombstones(),
        lease,
        defaults.maxSessions(),
        defaults.forgetGatewaysAfter());
  }

  private final class Listener extends VerticleBase {
    @Override
    public Future<?> start() {
      Router router = Router.router(vertx);
      ProblemHandler.addTo(router);
      router.route().handler(new ClientAddresses(List.of()));
      feed.routes(new GatewayAuthentication(LIMITS, FeedServer::authenticate)).mount(router);
      return vertx
          .createHttpServer()
          .requestHandler(router)
          .listen(0, "127.0.0.1")
          .onSuccess((HttpServer server) -> port.set(server.actualPort()));
    }
  }

  private static Caller authenticate(Optional<String> authorization) {
    if (authorization.filter(AUTHORIZATION::equals).isEmpty()) {
      throw new ProblemException(Problem.UNAUTHENTICATED, "this is no gateway");
    }
    return new Caller(
        "gateway", "gateway", Optional.empty(), Optional.empty(), Set.of(), TokenBounds.NONE);
  }

  int port() {
    return port.get();
  }

  EdgeFeed feed() {
    return feed;
  }

  FeedReader reader(String gateway) {
    return new FeedReader(port(), "?gateway=" + gateway, AUTHORIZATION);
  }

  /** One that answers questions. */
  FeedReader explainer(String gateway) {
    return new FeedReader(port(), "?explains=true&gateway=" + gateway, AUTHORIZATION);
  }

  FeedReader reader(String gateway, long since) {
    return new FeedReader(port(), "?gateway=" + gateway + "&since=" + since, AUTHORIZATION);
  }

  HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return CLIENT.send(
        request(path).timeout(Duration.ofSeconds(10)).build(),
        HttpResponse.BodyHandlers.ofString());
  }

  HttpResponse<String> applied(String body) throws IOException, InterruptedException {
    return post("/edge/v1/applied", body);
  }

  HttpResponse<String> post(String path, String body) throws IOException, InterruptedException {
    return CLIENT.send(
        request(path).POST(HttpRequest.BodyPublishers.ofString(body)).build(),
        HttpResponse.BodyHandlers.ofString());
  }

  void applied(String gateway, long revision) throws IOException, InterruptedException {
    HttpResponse<String> answer =
        applied("{\"gateway\":\"%s\",\"revision\":%d}".formatted(gateway, revision));
    if (answer.statusCode() != 204) {
      throw new AssertionError("expected 204, found " + answer.statusCode() + answer.body());
    }
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + path))
        .header("Authorization", AUTHORIZATION);
  }

  @Override
  public void close() {
    feed.close();
    vertx.close().await();
  }
}

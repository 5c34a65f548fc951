package dev.gatehouse.gateway.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.NetServer;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Against real servers, over HTTP/1.1, HTTP/2 and plain TCP. */
@Timeout(60)
class HealthCheckTest {
  private static final String TIMES =
      "'interval':'PT0.1S','timeout':'PT1S','healthyThreshold':2,'unhealthyThreshold':2";

  private final Vertx vertx = Vertx.vertx();
  private final Set<Integer> sick = ConcurrentHashMap.newKeySet();
  private final Set<HttpVersion> versions = ConcurrentHashMap.newKeySet();
  @AutoClose private final TestUpstreams test = new TestUpstreams();

  @AfterEach
  void stopServers() {
    vertx.close().await();
  }

  private int http() {
    HttpServer server = vertx.createHttpServer().requestHandler(this::answer);
    return server.listen(0, "127.0.0.1").await().actualPort();
  }

  private void answer(HttpServerRequest request) {
    versions.add(request.version());
    boolean well = !sick.contains(request.localAddress().port());
    if (GrpcHealth.PATH.equals(request.path())) {
      request.response().putHeader("content-type", "application/grpc");
      request.response().putTrailer("grpc-status", "0");
      byte status = (byte) (well ? 1 : 2);
      request.response().end(Buffer.buffer(new byte[] {0, 0, 0, 0, 2, 8, status}));
    } else {
      request.response().setStatusCode(well && "/up".equals(request.path()) ? 200 : 503).end();
    }
  }

  private LoopUpstream service(String more, int... ports) {
    String endpoints =
        Arrays.stream(ports)
            .boxed()
            .map(port -> "{'host':'127.0.0.1','port':" + port + ",'tls':false}")
            .collect(Collectors.joining(","));
    return test.choiceOf(
        test.service("{'name':'app','endpoints':[" + endpoints + "]," + more + "}"));
  }

  private void becomes(int port, String state) {
    TestUpstreams.await(() -> test.stateAt("app", port).equals(state));
  }

  @Test
  void anEndpointThatAnswersBadlyIsLeftOutUntilItAnswersWellAgain() {
    int a = http();
    int b = http();
    LoopUpstream upstream =
        service("'healthCheck':{'type':'http','path':'/up'," + TIMES + "}", a, b);
    sick.add(a);
    becomes(a, "unhealthy");
    assertThat(TestUpstreams.counts(upstream, 10)).containsOnlyKeys("127.0.0.1:" + b);
    assertThat(test.shown("app", "127.0.0.1", a).getString("reason"))
        .isEqualTo("answered 503, expected 200 to 299");

    sick.remove(a);
    becomes(a, "healthy");
    assertThat(TestUpstreams.counts(upstream, 10)).hasSize(2);
  }

  @Test
  void asksOverHttp2WhereTheServiceSpeaksIt() {
    int a = http();
    service("'protocol':'h2','healthCheck':{'type':'http','path':'/up'," + TIMES + "}", a);
    TestUpstreams.await(
        () -> "checks succeed".equals(test.shown("app", "127.0.0.1", a).getString("reason")));
    assertThat(versions).containsOnly(HttpVersion.HTTP_2);

    sick.add(a);
    becomes(a, "unhealthy");
    sick.remove(a);
    becomes(a, "healthy");
  }

  @Test
  void usesAllWhereMostAreUnhealthy() {
    int a = http();
    int b = http();
    int c = http();
    LoopUpstream upstream =
        service("'healthCheck':{'type':'http','path':'/up'," + TIMES + "}", a, b, c);
    sick.add(a);
    sick.add(b);
    becomes(a, "unhealthy");
    becomes(b, "unhealthy");

    assertThat(TestUpstreams.counts(upstream, 30)).hasSize(3);
    assertThat(test.metrics.get("gatehouse.upstream.panic").gauge().value()).isEqualTo(1);
  }

  @Test
  void asksForGrpcHealthOverHttp2() {
    int a = http();
    int b = http();
    service("'protocol':'h2','healthCheck':{'type':'grpc','grpcService':'x'," + TIMES + "}", a, b);
    TestUpstreams.await(
        () -> "checks succeed".equals(test.shown("app", "127.0.0.1", b).getString("reason")));
    sick.add(b);
    becomes(b, "unhealthy");

    assertThat(test.shown("app", "127.0.0.1", b).getString("reason"))
        .isEqualTo("gRPC health is not SERVING");
    assertThat(test.stateAt("app", a)).isEqualTo("healthy");
  }

  @Test
  void anEndpointThatTakesNoConnectionIsUnhealthy() {
    NetServer server = vertx.createNetServer().connectHandler(socket -> socket.close());
    int a = server.listen(0, "127.0.0.1").await().actualPort();
    int b = http();
    service("'healthCheck':{'type':'tcp'," + TIMES + "}", a, b);
    TestUpstreams.await(
        () -> "checks succeed".equals(test.shown("app", "127.0.0.1", a).getString("reason")));
    server.close().await();

    becomes(a, "unhealthy");
  }
}

package dev.gatehouse.gateway.resilience;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.contract.context.TenantContext;
import dev.gatehouse.gateway.RawClient;
import dev.gatehouse.gateway.RawClient.Response;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A second service that gets a copy of every request: nothing that it does is seen outside. */
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MirrorTest {
  private Scene scene;

  @BeforeAll
  void start() throws Exception {
    scene = new Scene();
  }

  @AfterAll
  void stop() {
    scene.close();
  }

  /** A path whose requests go to one service and are copied to another. */
  private String mirrored(Backend service, String mirror) throws Exception {
    String name = "p-" + UUID.randomUUID();
    scene.service(name, "", service);
    String path = "m-" + UUID.randomUUID();
    scene.route(
        path, "'service':'%s','mirror':{'service':'%s','percent':100}".formatted(name, mirror));
    return "/" + path;
  }

  private String mirrored(Backend service, Backend shadow) throws Exception {
    return mirrored(service, scene.service("", shadow).substring(1));
  }

  static Stream<Named<Handler<HttpServerRequest>>> shadows() {
    return Stream.of(
        Named.of("fails", request -> Backend.answer(request, 500, "no")),
        Named.of("never answers", _ -> {}),
        Named.of("takes its time", request -> Backend.answerLater(request, 500, "late")),
        Named.of("cuts the connection", request -> request.connection().close()),
        Named.of("answers before the body", request -> request.response().end("early")),
        Named.of("says another tenant's name", MirrorTest::stampAnother),
        Named.of("breaks off within its answer", MirrorTest::breakOff),
        Named.of("answers without end", MirrorTest::answerWithoutEnd));
  }

  private static void stampAnother(HttpServerRequest request) {
    request.response().putHeader("X-Tenant-Id", UUID.randomUUID().toString()).end();
  }

  private static void breakOff(HttpServerRequest request) {
    request
        .response()
        .putHeader("Content-Length", "100")
        .write("half")
        .onComplete(_ -> request.connection().close());
  }

  private static void answerWithoutEnd(HttpServerRequest request) {
    request.response().setChunked(true);
    writeOn(request);
  }

  private static void writeOn(HttpServerRequest request) {
    if (request.response().writeQueueFull()) {
      request.response().drainHandler(_ -> writeOn(request));
    } else {
      request.response().write(Buffer.buffer(new byte[1000])).onSuccess(_ -> writeOn(request));
    }
  }

  @ParameterizedTest
  @MethodSource("shadows")
  void whateverTheShadowDoesTheClientSeesTheServiceAlone(Handler<HttpServerRequest> behaviour)
      throws Exception {
    try (Backend service = Backend.answering(200, "the service");
        Backend shadow = new Backend(behaviour)) {
      assertServedByTheServiceAlone(mirrored(service, shadow));
      shadow.awaitSeen(1);
    }
  }

  @Test
  void aShadowThatTakesNoConnectionIsNotMissed() throws Exception {
    Backend gone = Backend.silent();
    try (Backend service = Backend.answering(200, "the service")) {
      String path = mirrored(service, gone);
      gone.close();

      assertServedByTheServiceAlone(path);
    }
  }

  @Test
  void aShadowThatIsNotKnownIsNotMissed() throws Exception {
    try (Backend service = Backend.answering(200, "the service")) {
      assertServedByTheServiceAlone(mirrored(service, "nobody"));
    }
  }

  /** Several requests on one connection, with bodies and without. */
  private void assertServedByTheServiceAlone(String path) throws Exception {
    try (RawClient client = scene.connect()) {
      for (int i = 0; i < 3; i++) {
        client.write(scene.lines("GET " + path));
        assertServed(client.read());
        client.write(scene.lines("POST " + path, "Content-Length: 5") + "hello");
        assertServed(client.read());
      }
    }
  }

  private static void assertServed(Response response) {
    assertThat(response.status()).isEqualTo(200);
    assertThat(response.body()).isEqualTo("the service");
    assertThat(response.headers()).containsExactly("content-length: 11");
  }

  @Test
  void theClientIsAnsweredWhileTheShadowStillHoldsItsCopy() throws Exception {
    Promise<Void> released = Promise.promise();
    CompletableFuture<String> finished = new CompletableFuture<>();
    try (Backend service = Backend.answering(200, "the service");
        Backend shadow =
            new Backend(request ->
                released
                    .future()
                    .compose(_ -> request.response().end())
                    .onSuccess(_ -> finished.complete("whole"))
                    .onFailure(finished::completeExceptionally))) {
      String path = mirrored(service, shadow);

      assertServed(scene.get(path));
      shadow.awaitSeen(1);
      released.complete();

      assertThat(finished.get(10, TimeUnit.SECONDS))
          .as("the copy is not cancelled with its request")
          .isEqualTo("whole");
    }
  }

  @Test
  void theShadowSeesTheSameRequestSignedForItself() throws Exception {
    CompletableFuture<String> body = new CompletableFuture<>();
    try (Backend service = Backend.answering(200, "the service");
        Backend shadow =
            new Backend(request -> {
              request.body().onSuccess(read -> body.complete(read.toString()));
              request.response().end();
            })) {
      String name = "shadow-" + UUID.randomUUID().toString().substring(0, 8);
      scene.service(name, "", shadow);
      String path = mirrored(service, name) + "/deep?x=1";

      try (RawClient client = scene.connect()) {
        client.write(
            scene.lines("PUT " + path, "Transfer-Encoding: chunked", "X-Own: 7")
                + "3\r\nabc\r\n3\r\ndef\r\n0\r\n\r\n");
        assertServed(client.read());
      }

      assertThat(body.get(10, TimeUnit.SECONDS)).isEqualTo("abcdef");
      Backend.Seen copy = shadow.seen().getFirst();
      Backend.Seen original = service.seen().getFirst();
      assertThat(copy.method()).isEqualTo(original.method());
      assertThat(copy.uri()).isEqualTo(original.uri());
      assertThat(withoutContext(copy)).containsExactlyElementsOf(withoutContext(original));
      assertThat(claims(copy)).contains("\"" + name + "\"");
      assertThat(claims(original)).doesNotContain(name);
    }
  }

  private static List<String> withoutContext(Backend.Seen request) {
    return request.headers().stream()
        .filter(line -> !line.startsWith(TenantContext.HEADER))
        .toList();
  }

  private static String claims(Backend.Seen request) {
    String payload = request.values(TenantContext.HEADER).getFirst().split("\\.", -1)[1];
    return new String(Base64.getUrlDecoder().decode(payload), UTF_8);
  }

  @Test
  void aCopyEndsAtOnceWhereTheClientBreaksOff() throws Exception {
    try (Backend service = Backend.silent();
        Backend shadow = Backend.silent()) {
      String path = mirrored(service, shadow);

      try (RawClient client = scene.connect()) {
        client.write(scene.lines("POST " + path, "Content-Length: 100") + "only a part");
        service.awaitSeen(1);
        shadow.awaitSeen(1);
      }

      service.awaitCancelled(1);
      shadow.awaitCancelled(1);
      shadow.awaitNoConnection();
    }
  }

  @Test
  void aCopyEndsAtOnceWhereTheServiceAnswersBeforeTheBodyHasCome() throws Exception {
    try (Backend service = new Backend(request -> request.response().end("the service"));
        Backend shadow = Backend.silent()) {
      String path = mirrored(service, shadow);

      try (RawClient client = scene.connect()) {
        client.write(scene.lines("POST " + path, "Content-Length: 100") + "only a part");

        assertThat(client.read().status()).isEqualTo(200);
        shadow.awaitNoConnection();
      }
    }
  }

  @Test
  void aShadowThatAnswersBeforeTheBodyHasComeHoldsNoConnection() throws Exception {
    try (Backend service = Backend.answering(200, "the service");
        Backend shadow = new Backend(request -> request.response().end("early"))) {
      String path = mirrored(service, shadow);

      try (RawClient client = scene.connect()) {
        client.write(scene.lines("POST " + path, "Content-Length: 100") + "only a part");
        shadow.awaitSeen(1);
        shadow.awaitNoConnection();
        client.write("x".repeat(89));

        assertServed(client.read());
      }
    }
  }

  /** Holds what it gets until it is released. */
  private static final class Holding implements AutoCloseable {
    final Promise<Void> released = Promise.promise();
    final Backend backend =
        new Backend(request -> released.future().onSuccess(_ -> request.response().end()));

    List<String> seen() {
      return backend.seen().stream().map(Backend.Seen::uri).toList();
    }

    @Override
    public void close() {
      backend.close();
    }
  }

  /** A service that gets its requests one after another. */
  private String oneByOne(Backend shadow) throws Exception {
    return scene.service(",'concurrency':{'maxConnections':1}", shadow).substring(1);
  }

  @Test
  void aLongCopyThatFindsNoConnectionIsGivenUp() throws Exception {
    try (Backend service = Backend.answering(200, "the service");
        Holding shadow = new Holding();
        RawClient client = scene.connect()) {
      String path = mirrored(service, oneByOne(shadow.backend));
      assertServed(scene.get(path));
      shadow.backend.awaitSeen(1);
      for (int length : List.of(64 * 1024 + 1, 64 * 1024)) {
        client.write(
            scene.lines("PUT " + path + "/" + length, "Content-Length: " + length)
                + "x".repeat(length));
        assertServed(client.read());
      }

      shadow.released.complete();

      shadow.backend.awaitSeen(2);
      assertThat(shadow.seen()).containsExactly(path, path + "/65536");
    }
  }

  @Test
  void aCopyIsGivenUpWhereTheShadowReadsTooSlowly() throws Exception {
    Promise<Void> released = Promise.promise();
    CompletableFuture<Buffer> body = new CompletableFuture<>();
    HttpServerOptions smallBuffer =
        new HttpServerOptions().setHost("127.0.0.1").setPort(0).setReceiveBufferSize(64 * 1024);
    try (Backend service = Backend.answering(200, "the service");
        Backend shadow =
            new Backend(
                smallBuffer,
                request -> {
                  request.body().onSuccess(body::complete).onFailure(body::completeExceptionally);
                  request.pause();
                  released.future().onSuccess(_ -> request.resume());
                });
        RawClient client = scene.connect()) {
      String path = mirrored(service, shadow);
      client.write(scene.lines("PUT " + path, "Content-Length: 9000000") + "x".repeat(9_000_000));
      assertServed(client.read());

      released.complete();

      assertThat(body).failsWithin(20, TimeUnit.SECONDS);
    }
  }

  @Test
  void copiesUseAConnectionOneAfterAnother() throws Exception {
    try (Backend service = Backend.answering(200, "the service");
        Backend shadow = Backend.answering(200, "")) {
      String path = mirrored(service, oneByOne(shadow));

      for (int i = 0; i < 3; i++) {
        assertServed(scene.get(path));
      }

      shadow.awaitSeen(3);
      assertThat(shadow.connections()).isEqualTo(1);
    }
  }

  @Test
  void noMoreThanAHundredCopiesAreUnderWay() throws Exception {
    try (Backend service = Backend.answering(200, "the service");
        Holding shadow = new Holding();
        RawClient client = scene.connect()) {
      String path = mirrored(service, shadow.backend);
      for (int i = 0; i < 150; i++) {
        client.write(scene.lines("GET " + path + "/held"));
        assertServed(client.read());
      }

      shadow.released.complete();

      Backend.await(
          () -> {
            assertServed(get(path + "/last"));
            return shadow.seen().contains(path + "/last");
          },
          () -> "there is no copy of the last one");
      assertThat(shadow.seen().stream().filter((path + "/held")::equals)).hasSizeBetween(1, 100);
    }
  }

  private Response get(String path) {
    try {
      return scene.get(path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

package dev.gatehouse.sample;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.contract.context.ContextSigner;
import dev.gatehouse.contract.context.SigningKeys;
import dev.gatehouse.contract.context.TenantContext;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.HexFormat;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class SampleAppTest {
  private static SigningGateway gateway;
  private static SampleApp app;

  /** HTTP/1.1, as the gateway speaks to it: header names keep their spelling. */
  private static final HttpClient CLIENT =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private final UUID tenant = UUID.randomUUID();
  private String token;

  @BeforeAll
  static void start() throws IOException {
    gateway = new SigningGateway();
    app =
        SampleApp.start(
            new SampleAppConfig("127.0.0.1", 0, gateway.jwks(), SigningGateway.SERVICE));
  }

  @AfterAll
  static void stop() {
    app.close();
    gateway.close();
  }

  @BeforeEach
  void sign() {
    token = gateway.sign(SigningGateway.contextOf(tenant, "acme"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/", "/whoami", "/notes", "/stream", "/events", "/echo", "/upload", "/none"})
  void refusesWhatIsNotSigned(String path) throws Exception {
    assertRefused(send(HttpRequest.newBuilder(uri(path))));
  }

  @Test
  void refusesAContextThatAnotherKeySigned() throws Exception {
    ContextSigner forger = ContextSigner.of(SigningKeys.generate());
    assertRefused(whoami(forger.sign(SigningGateway.contextOf(tenant, "acme"))));
  }

  @Test
  void refusesAContextWhoseClaimsWereChanged() throws Exception {
    String other = gateway.sign(SigningGateway.contextOf(UUID.randomUUID(), "globex"));
    String head = token.substring(0, token.indexOf('.'));
    String claims = other.substring(other.indexOf('.'), other.lastIndexOf('.'));
    assertRefused(whoami(head + claims + token.substring(token.lastIndexOf('.'))));
  }

  @Test
  void refusesAContextForAnotherService() throws Exception {
    assertRefused(
        whoami(gateway.sign(SigningGateway.contextOf(tenant, "acme", "billing", Instant.now()))));
  }

  @Test
  void refusesAContextThatExpired() throws Exception {
    Instant past = Instant.now().minusSeconds(3600);
    assertRefused(
        whoami(
            gateway.sign(SigningGateway.contextOf(tenant, "acme", SigningGateway.SERVICE, past))));
  }

  @Test
  void refusesTwoContexts() throws Exception {
    assertRefused(send(signed("/whoami").header(TenantContext.HEADER, token)));
  }

  @Test
  void refusesAWebSocketThatIsNotSigned() {
    assertThat(
            CLIENT
                .newWebSocketBuilder()
                .buildAsync(socketUri(), new Inbox())
                .handle((_, failure) -> statusOf(failure))
                .join())
        .isEqualTo(401);
  }

  @Test
  void answersItsHealthToAnyone() throws Exception {
    assertThat(send(HttpRequest.newBuilder(uri("/healthz"))).statusCode()).isEqualTo(200);
  }

  @Test
  void tellsWhoIsCallingAndWhichHeadersCame() throws Exception {
    HttpResponse<String> answer =
        send(signed("/whoami").header("X_Tenant_Id", "spoof").header("Forwarded", "for=192.0.2.1"));

    JsonObject identity = new JsonObject(answer.body());
    JsonObject context = identity.getJsonObject("context");
    assertThat(context.getString("tenantId")).isEqualTo(tenant.toString());
    assertThat(context.getString("tenantSlug")).isEqualTo("acme");
    assertThat(context.getString("subject")).isEqualTo("ada@acme");
    assertThat(context.getJsonArray("roles")).containsExactly("editor");
    JsonObject headers = identity.getJsonObject("headers");
    assertThat(headers.getJsonArray("X_Tenant_Id")).containsExactly("spoof");
    assertThat(headers.getJsonArray("Forwarded")).containsExactly("for=192.0.2.1");
    assertThat(headers.getJsonArray(TenantContext.HEADER)).hasSize(1);
    assertThat(answer.body()).doesNotContain(token);
  }

  @Test
  void showsEachTenantItsOwnNotesOnly() throws Exception {
    String globex = gateway.sign(SigningGateway.contextOf(UUID.randomUUID(), "globex"));
    String secret = "launch at dawn " + UUID.randomUUID();
    assertThat(addNote(new JsonObject().put("text", secret).encode()).statusCode()).isEqualTo(201);

    assertThat(new JsonArray(send(signed("/notes")).body()).getJsonObject(0).getString("text"))
        .isEqualTo(secret);
    assertThat(send(signed("/")).body()).contains(secret);
    assertThat(send(signed("/notes", globex)).body()).isEqualTo("[]");
    assertThat(send(signed("/", globex)).body()).contains("globex").doesNotContain(secret);
  }

  @Test
  void takesANoteFromItsOwnForm() throws Exception {
    HttpResponse<String> answer =
        send(
            signed("/notes")
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString("text=buy+milk")));

    assertThat(answer.statusCode()).isEqualTo(303);
    assertThat(send(signed("/notes")).body()).contains("buy milk");
  }

  @Test
  void escapesANoteOnThePage() throws Exception {
    addNote("{\"text\":\"<script>alert('x')</script>\"}");

    assertThat(send(signed("/")).body()).contains("&lt;script&gt;").doesNotContain("<script>");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "[]", "{}", "{\"text\":7}", "{\"text\":\"  \"}", "{\"text\":"})
  void refusesANoteWithoutText(String body) throws Exception {
    assertThat(addNote(body).statusCode()).isEqualTo(400);
  }

  @Test
  void refusesANoteThatIsTooLong() throws Exception {
    String text = "x".repeat(Notes.TEXT_LENGTH + 1);
    assertThat(addNote(new JsonObject().put("text", text).encode()).statusCode()).isEqualTo(400);
    assertThat(addNote("x".repeat(20_000)).statusCode()).isEqualTo(413);
  }

  @Test
  void streamsTheChunksAskedFor() throws Exception {
    HttpResponse<String> answer = send(signed("/stream?chunks=3&delayMillis=1"));
    assertThat(answer.body()).isEqualTo("acme 1/3\nacme 2/3\nacme 3/3\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"chunks=0", "chunks=10001", "delayMillis=-1", "chunks=many"})
  void refusesAStreamOutOfBounds(String query) throws Exception {
    assertThat(send(signed("/stream?" + query)).statusCode()).isEqualTo(400);
  }

  @Test
  void sendsEventsWhileTheConnectionLasts() throws Exception {
    HttpResponse<InputStream> answer =
        CLIENT.send(signed("/events").build(), BodyHandlers.ofInputStream());

    try (InputStream events = answer.body()) {
      String first = new String(events.readNBytes(64), StandardCharsets.UTF_8);
      assertThat(first).startsWith("event: tick\nid: 1\ndata: {\"tenant\":\"acme\"");
    }
  }

  @Test
  void countsAndHashesAnUpload() throws Exception {
    byte[] body = new byte[3_000_000];
    HttpResponse<String> answer = send(signed("/upload").POST(BodyPublishers.ofByteArray(body)));

    JsonObject seen = new JsonObject(answer.body());
    assertThat(seen.getLong("bytes")).isEqualTo(body.length);
    assertThat(seen.getString("sha256"))
        .isEqualTo(HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(body)));
  }

  @Test
  void introducesTheCallerOnAWebSocketThenEchoes() throws Exception {
    Inbox inbox = new Inbox();
    WebSocket socket =
        CLIENT
            .newWebSocketBuilder()
            .header(TenantContext.HEADER, token)
            .buildAsync(socketUri(), inbox)
            .join();

    assertThat(new JsonObject(inbox.next()).getJsonObject("context").getString("tenantSlug"))
        .isEqualTo("acme");
    socket.sendText("hello", true).join();
    assertThat(inbox.next()).isEqualTo("hello");
    socket.abort();
  }

  private HttpResponse<String> whoami(String context) throws Exception {
    return send(signed("/whoami", context));
  }

  private HttpResponse<String> addNote(String body) throws Exception {
    return send(
        signed("/notes")
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body)));
  }

  private HttpRequest.Builder signed(String path) {
    return signed(path, token);
  }

  private static HttpRequest.Builder signed(String path, String context) {
    return HttpRequest.newBuilder(uri(path)).header(TenantContext.HEADER, context);
  }

  private static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return CLIENT.send(request.build(), BodyHandlers.ofString());
  }

  private static URI uri(String path) {
    return URI.create("http://127.0.0.1:" + app.port() + path);
  }

  private static URI socketUri() {
    return URI.create("ws://127.0.0.1:" + app.port() + "/echo");
  }

  private static int statusOf(Throwable failure) {
    return failure instanceof CompletionException e
            && e.getCause() instanceof WebSocketHandshakeException refused
        ? refused.getResponse().statusCode()
        : 0;
  }

  private static void assertRefused(HttpResponse<String> answer) {
    assertThat(answer.statusCode()).isEqualTo(401);
    assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/problem+json");
    assertThat(new JsonObject(answer.body()).getInteger("status")).isEqualTo(401);
  }

  private static final class Inbox implements WebSocket.Listener {
    private final BlockingQueue<String> messages = new LinkedBlockingQueue<>();
    private final StringBuilder partial = new StringBuilder();

    @Override
    public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
      partial.append(data);
      if (last) {
        messages.add(partial.toString());
        partial.setLength(0);
      }
      return WebSocket.Listener.super.onText(socket, data, last);
    }

    String next() throws InterruptedException {
      return messages.take();
    }
  }
}

package dev.gatehouse.gateway.sign;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.contract.context.SigningKeys;
import dev.gatehouse.contract.edge.EdgeObject;
import dev.gatehouse.contract.edge.EdgeService;
import dev.gatehouse.contract.edge.EdgeService.Protocol;
import dev.gatehouse.contract.edge.EdgeSigningKey;
import dev.gatehouse.contract.edge.FeedCodec;
import dev.gatehouse.contract.edge.MessageSignature;
import dev.gatehouse.contract.edge.MessageSignature.Algorithm;
import dev.gatehouse.contract.signature.ContentDigest;
import dev.gatehouse.contract.signature.SignatureRefusedException;
import dev.gatehouse.contract.signature.SigningKey;
import dev.gatehouse.contract.signature.VerifiedSignature;
import dev.gatehouse.contract.signature.VerifyingKey;
import dev.gatehouse.contract.signature.VerifyingKeys;
import dev.gatehouse.gateway.Platform;
import dev.gatehouse.gateway.Platform.TestTenant;
import dev.gatehouse.gateway.RawClient;
import dev.gatehouse.gateway.RawClient.Response;
import dev.gatehouse.gateway.TestClients;
import dev.gatehouse.gateway.sign.VerifyingUpstream.Arrived;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.SocketAddress;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests as they arrive at services that want them signed as a whole. */
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SignedRequestsTest {
  private static final byte[] SECRET = "0123456789abcdef0123456789abcdef".getBytes(UTF_8);
  private static final int BOUND = 1000;

  private final VerifyingUpstream upstream = new VerifyingUpstream();
  private final Vertx vertx = Vertx.vertx();
  private Platform platform;
  private TestTenant tenant;

  @BeforeAll
  void start() throws Exception {
    platform = new Platform();
    String jwk = SigningKey.generateEd25519();
    Instant now = Instant.now();
    platform.feed.put(
        new EdgeSigningKey(
            SigningKeys.kidOf(jwk),
            jwk,
            now.minusSeconds(1),
            now.plus(Duration.ofDays(1)),
            Optional.of(EdgeSigningKey.Purpose.MESSAGE)));
    tenant = platform.tenant();
  }

  @AfterAll
  void stop() {
    platform.close();
    upstream.close();
    vertx.close().await();
  }

  private static MessageSignature signature(Algorithm algorithm, OptionalInt digest) {
    return new MessageSignature(
        algorithm,
        algorithm == Algorithm.HMAC_SHA256
            ? Optional.of(Base64.getUrlEncoder().withoutPadding().encodeToString(SECRET))
            : Optional.empty(),
        Optional.empty(),
        digest);
  }

  private static final MessageSignature DIGESTED =
      signature(Algorithm.ED25519, OptionalInt.of(BOUND));

  private String service(MessageSignature signature, Protocol protocol) throws Exception {
    String name = "s-" + UUID.randomUUID();
    platform.route(upstream.service(name, protocol).with(signature));
    return name;
  }

  /** The keys that a service of this name has: those of the gateway's JWKS, and its own secret. */
  private VerifyingKeys keys(String service) throws IOException {
    VerifyingKeys published = VerifyingKeys.ofJwks(jwks());
    VerifyingKey secret = VerifyingKey.hmacSha256(service, SECRET);
    return keyid -> keyid.equals(service) ? Optional.of(secret) : published.of(keyid);
  }

  private String jwks() throws IOException {
    return RawClient.send(
            platform.gateway.adminPort(), "GET /.well-known/jwks.json HTTP/1.1", "Host: localhost")
        .body();
  }

  private VerifiedSignature verified(String service, Arrived request, boolean digest)
      throws Exception {
    return request.verified(service, keys(service), digest);
  }

  private Response send(String line, String body, String... headers) throws IOException {
    try (RawClient client = new RawClient(platform.gateway.httpPort())) {
      client.write(lines(line, headers) + body);
      return client.read();
    }
  }

  private String lines(String line, String... headers) {
    return Stream.concat(
                Stream.of(
                    line + " HTTP/1.1",
                    "Host: " + tenant.host(),
                    "X-API-Key: " + tenant.key().reveal()),
                Stream.of(headers))
            .reduce("", (all, one) -> all + one + "\r\n")
        + "\r\n";
  }

  static Stream<Arguments> kinds() {
    return Stream.of(Algorithm.values())
        .flatMap(algorithm ->
            Stream.of(Protocol.values())
                .flatMap(protocol ->
                    Stream.of(OptionalInt.empty(), OptionalInt.of(BOUND))
                        .map(digest -> Arguments.of(algorithm, protocol, digest))));
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void signsWhatTheServiceIsSent(Algorithm algorithm, Protocol protocol, OptionalInt digest)
      throws Exception {
    String service = service(signature(algorithm, digest), protocol);

    Response response =
        send("PUT /" + service + "/a%20b;v=1?x=1&y=%C3%A4", "hello", "Content-Length: 5");
    Arrived request = upstream.next();
    VerifiedSignature signed = verified(service, request, digest.isPresent());

    assertThat(response.status()).as(response.body()).isEqualTo(200);
    assertThat(request.body().toString()).isEqualTo("hello");
    assertThat(request.version())
        .isEqualTo(protocol == Protocol.HTTP_2 ? HttpVersion.HTTP_2 : HttpVersion.HTTP_1_1);
    assertThat(signed.components()).hasSize(digest.isPresent() ? 8 : 7);
    assertThat(signed.parameters().alg()).contains(algorithm.wireName());
    assertThat(signed.parameters().tag()).contains(service);
    assertThat(signed.parameters().expires().orElseThrow())
        .isEqualTo(signed.parameters().created().orElseThrow() + 60);
  }

  @ParameterizedTest
  @EnumSource
  void signsWhatComesOverHttp2(Protocol protocol) throws Exception {
    String service = service(DIGESTED, protocol);
    HttpClient client =
        TestClients.http(
            vertx,
            new HttpClientOptions()
                .setProtocolVersion(HttpVersion.HTTP_2)
                .setHttp2ClearTextUpgrade(false));

    for (String body : List.of("", "some")) {
      int status =
          client
              .request(
                  new RequestOptions()
                      .setHost(tenant.host())
                      .setServer(
                          SocketAddress.inetSocketAddress(platform.gateway.httpPort(), "127.0.0.1"))
                      .setPort(80)
                      .setMethod(HttpMethod.POST)
                      .setURI("/" + service + "?"))
              .compose(request ->
                  request
                      .putHeader("X-API-Key", tenant.key().reveal())
                      .putHeader("signature-input", "gatehouse=();created=1")
                      .putHeader("content-digest", ContentDigest.of(body.getBytes(UTF_8)))
                      .setChunked(true)
                      .send(Buffer.buffer(body)))
              .map(response -> response.statusCode())
              .await();

      Arrived request = upstream.next();
      assertThat(status).isEqualTo(200);
      verified(service, request, true);
      assertThat(request.body().toString()).isEqualTo(body);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Signature",
        "signature",
        "Signature-Input",
        "SIGNATURE_INPUT",
        "Signature.Input",
        "HTTP_SIGNATURE",
        "Http-Signature-Input",
        "-signature-",
        "SignatureInput",
        "Content_Digest",
        "HTTP_CONTENT_DIGEST",
        "ContentDigest"
      })
  void leavesNothingOfWhatAClientSigned(String name) throws Exception {
    String service = service(DIGESTED, Protocol.HTTP_1_1);

    send("GET /" + service, "", name + ": gatehouse=:ZXZpbA==:", name + ": evil=:ZXZpbA==:");
    Arrived request = upstream.next();

    assertThat(request.headers().entries()).noneMatch(one -> one.getValue().contains("ZXZpbA"));
    verified(service, request, true);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"X-Signature", "Signature-Agent", "Signatures", "Repr-Digest", "Content-Digests"})
  void passesOnWhatOnlyLooksAlike(String name) throws Exception {
    String service = service(DIGESTED, Protocol.HTTP_1_1);

    send("GET /" + service, "", name + ": kept");

    assertThat(upstream.next().header(name)).containsExactly("kept");
  }

  @Test
  void passesOnAClientsSignatureWhereTheServiceWantsNone() throws Exception {
    String name = "s-" + UUID.randomUUID();
    platform.route(upstream.service(name, Protocol.HTTP_1_1));

    send("GET /" + name, "", "Signature: a=:AAAA:", "Content-Digest: sha-256=:AAAA:");
    Arrived request = upstream.next();

    assertThat(request.header("signature")).containsExactly("a=:AAAA:");
    assertThat(request.header("content-digest")).containsExactly("sha-256=:AAAA:");
    assertThat(request.header("signature-input")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "HEAD", "POST", "DELETE"})
  void digestsABodyThatIsNotThere(String method) throws Exception {
    String service = service(DIGESTED, Protocol.HTTP_1_1);
    try (RawClient client = new RawClient(platform.gateway.httpPort())) {
      client.write(lines(method + " /" + service));
      assertThat(client.readHead().status()).isEqualTo(200);
    }
    Arrived request = upstream.next();

    assertThat(request.header("content-digest")).containsExactly(ContentDigest.OF_NOTHING);
    verified(service, request, true);
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "HEAD", "POST", "DELETE"})
  void digestsTheBodyOfAnyMethod(String method) throws Exception {
    String service = service(DIGESTED, Protocol.HTTP_1_1);
    try (RawClient client = new RawClient(platform.gateway.httpPort())) {
      client.write(lines(method + " /" + service, "Content-Length: 3") + "abc");
      assertThat(client.readHead().status()).isEqualTo(200);
    }
    Arrived request = upstream.next();

    assertThat(request.body().toString()).isEqualTo("abc");
    verified(service, request, true);
  }

  @Test
  void digestsChunksAndForgetsTrailers() throws Exception {
    String service = service(DIGESTED, Protocol.HTTP_1_1);

    Response response =
        send(
            "POST /" + service,
            "3\r\nabc\r\n2\r\nde\r\n0\r\nSignature: gatehouse=:ZXZpbA==:\r\n\r\n",
            "Transfer-Encoding: chunked",
            "Trailer: Signature");
    Arrived request = upstream.next();

    assertThat(response.status()).isEqualTo(200);
    assertThat(request.body().toString()).isEqualTo("abcde");
    assertThat(request.header("content-length")).containsExactly("5");
    assertThat(request.header("transfer-encoding")).isEmpty();
    assertThat(request.headers().entries()).noneMatch(one -> one.getValue().contains("ZXZpbA"));
    verified(service, request, true);
  }

  @Test
  void refusesABodyOfKnownLengthBeyondTheBoundUnread() throws Exception {
    String service = service(DIGESTED, Protocol.HTTP_1_1);

    Response response = send("POST /" + service, "", "Content-Length: " + (BOUND + 1));

    assertThat(response.status()).isEqualTo(413);
    assertThat(response.body()).contains("body-too-large", "at most 1000 bytes", "signs");
    assertThat(upstream.isUntouched()).isTrue();
  }

  @Test
  void refusesChunksBeyondTheBoundAndTakesThoseUpToIt() throws Exception {
    String service = service(DIGESTED, Protocol.HTTP_1_1);
    String half = "1f4\r\n" + "x".repeat(500) + "\r\n";

    Response over =
        send("POST /" + service, half + half + "1\r\nx\r\n", "Transfer-Encoding: chunked");
    boolean untouched = upstream.isUntouched();
    Response just =
        send("POST /" + service, half + half + "0\r\n\r\n", "Transfer-Encoding: chunked");

    assertThat(over.status()).isEqualTo(413);
    assertThat(untouched).isTrue();
    assertThat(just.status()).isEqualTo(200);
    assertThat(upstream.next().body().length()).isEqualTo(BOUND);
  }

  @Test
  void saysContinueBeforeItReadsTheBody() throws Exception {
    String service = service(DIGESTED, Protocol.HTTP_1_1);
    try (RawClient client = new RawClient(platform.gateway.httpPort())) {
      client.write(lines("POST /" + service, "Content-Length: 3", "Expect: 100-continue"));
      assertThat(client.readHead().status()).isEqualTo(100);
      assertThat(upstream.isUntouched()).isTrue();
      client.write("abc");
      assertThat(client.read().status()).isEqualTo(200);
    }
    verified(service, upstream.next(), true);
  }

  @Test
  void refusesABodyThatIsNotTheOneOfTheClientsOwnDigest() throws Exception {
    String service = service(DIGESTED, Protocol.HTTP_1_1);
    String digest = ContentDigest.of("abc".getBytes(UTF_8));

    Response right =
        send("POST /" + service, "abc", "Content-Length: 3", "Content-Digest: " + digest);
    Arrived request = upstream.next();
    Response wrong =
        send("POST /" + service, "abd", "Content-Length: 3", "Content-Digest: " + digest);
    Response unread =
        send("POST /" + service, "abd", "Content-Length: 3", "Content-Digest: sha-512=:AAAA:");

    assertThat(right.status()).isEqualTo(200);
    assertThat(request.header("content-digest")).containsExactly(digest);
    assertThat(wrong.status()).isEqualTo(400);
    assertThat(wrong.body()).contains("Content-Digest");
    assertThat(unread.status()).isEqualTo(200);
    verified(service, upstream.next(), true);
  }

  @Test
  void whatIsChangedOnTheWayDoesNotVerify() throws Exception {
    String service = service(DIGESTED, Protocol.HTTP_1_1);
    send("POST /" + service + "/1?x=1", "abc", "Content-Length: 3");
    Arrived good = upstream.next();
    verified(service, good, true);

    List<Arrived> forged =
        List.of(
            good.at("/" + service + "/2"),
            good.with("x-tenant-id", UUID.randomUUID().toString()),
            good.with("x-tenant-slug", "other"),
            good.with("x-tenant-context", "a.b.c"),
            good.with("content-digest", ContentDigest.of("abd".getBytes(UTF_8))),
            new Arrived(
                good.version(),
                good.method(),
                good.authority(),
                good.path(),
                good.query(),
                good.headers(),
                Buffer.buffer("abd")),
            new Arrived(
                good.version(),
                "PUT",
                good.authority(),
                good.path(),
                good.query(),
                good.headers(),
                good.body()),
            new Arrived(
                good.version(),
                good.method(),
                "other.example.test",
                good.path(),
                good.query(),
                good.headers(),
                good.body()),
            new Arrived(
                good.version(),
                good.method(),
                good.authority(),
                good.path(),
                "?x=2",
                good.headers(),
                good.body()));

    for (Arrived each : forged) {
      assertThatThrownBy(() -> verified(service, each, true))
          .as(each.toString())
          .isInstanceOf(SignatureRefusedException.class);
    }
    assertThatThrownBy(() -> verified("another-service", good, true))
        .isInstanceOf(SignatureRefusedException.class);
  }

  @ParameterizedTest
  @EnumSource
  void signsARetryAnew(Protocol protocol) throws Exception {
    String service = service(DIGESTED, protocol);
    upstream.refuseNext(1);

    Response response = send("PUT /" + service, "abc", "Content-Length: 3");

    Set<String> nonces = new HashSet<>();
    for (int attempt = 0; attempt < 2; attempt++) {
      Arrived request = upstream.next();
      verified(service, request, true);
      assertThat(request.body().toString()).isEqualTo("abc");
      assertThat(request.header("signature")).hasSize(1);
      nonces.add(request.nonce(service, keys(service)));
    }
    assertThat(response.status()).isEqualTo(200);
    assertThat(nonces).hasSize(2);
  }

  @Test
  void signsAHedgeAnew() throws Exception {
    String name = "s-" + UUID.randomUUID();
    JsonObject service =
        new JsonObject(
                FeedCodec.encodeObject(upstream.service(name, Protocol.HTTP_1_1).with(DIGESTED)))
            .put("retries", JsonObject.of("hedgeAfter", "PT0.05S"));
    platform.route((EdgeService) FeedCodec.decodeObject(EdgeObject.Kind.SERVICE, service.encode()));
    upstream.keepNextWaiting(1);

    Response response = send("GET /" + name, "");

    Arrived first = upstream.next();
    Arrived second = upstream.next();
    assertThat(response.status()).isEqualTo(200);
    verified(name, first, true);
    verified(name, second, true);
    assertThat(first.nonce(name, keys(name))).isNotEqualTo(second.nonce(name, keys(name)));
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void signsTheCopyForTheMirror(Algorithm algorithm, Protocol protocol, OptionalInt digest)
      throws Exception {
    String mirror = service(signature(algorithm, digest), protocol);
    String path = "m-" + UUID.randomUUID();
    platform.feed.awaitApplied(
        platform.feed.put(
            FeedCodec.decodeObject(
                EdgeObject.Kind.ROUTE,
                """
                {"id":"%s","hosts":"any","pathPrefix":"/%s","service":"app",
                 "mirror":{"service":"%s","percent":100}}
                """
                    .formatted(UUID.randomUUID(), path, mirror))));

    Response response =
        send("POST /" + path, "3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n", "Transfer-Encoding: chunked");
    Arrived copy = upstream.next();

    assertThat(response.status()).isEqualTo(200);
    assertThat(copy.body().toString()).isEqualTo("abcde");
    verified(mirror, copy, digest.isPresent());
  }

  @Test
  void signsTheHandshakeOfAWebSocket() throws Exception {
    String service = service(DIGESTED, Protocol.HTTP_1_1);
    try (RawClient client = new RawClient(platform.gateway.httpPort())) {
      client.write(
          lines(
              "GET /" + service,
              "Connection: Upgrade",
              "Upgrade: websocket",
              "Sec-WebSocket-Version: 13",
              "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="));
      assertThat(client.readHead().status()).isEqualTo(101);
    }
    verified(service, upstream.next(), true);
  }

  @Test
  void signsTheHostThatTheRoutePutsInPlaceOfTheClients() throws Exception {
    String service = service(DIGESTED, Protocol.HTTP_2);
    String path = "h-" + UUID.randomUUID();
    platform.feed.awaitApplied(
        platform.feed.put(
            FeedCodec.decodeObject(
                EdgeObject.Kind.ROUTE,
                """
                {"id":"%s","hosts":"any","pathPrefix":"/%s","service":"%s",
                 "rewrite":{"prefix":"/in","host":"Inner.test:8443"},
                 "requestHeaders":{"set":{"Signature":"gatehouse=:ZXZpbA==:"}}}
                """
                    .formatted(UUID.randomUUID(), path, service))));

    send("GET /" + path + "/x?y", "");
    Arrived request = upstream.next();

    assertThat(request.authority()).isEqualTo("Inner.test:8443");
    assertThat(request.path()).isEqualTo("/in/x");
    verified(service, request, true);
  }

  @Test
  void sendsNothingOfABodyWhoseClientBreaksOff() throws Exception {
    String service = service(DIGESTED, Protocol.HTTP_1_1);
    try (RawClient client = new RawClient(platform.gateway.httpPort())) {
      client.write(lines("POST /" + service, "Content-Length: 10") + "abc");
    }
    send("GET /" + service, "");

    assertThat(upstream.next().method()).isEqualTo("GET");
  }
}

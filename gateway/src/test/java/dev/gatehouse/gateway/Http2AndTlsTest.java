package dev.gatehouse.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.gateway.Platform.TestTenant;
import dev.gatehouse.gateway.tls.TlsCaller;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.HostAndPort;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The same requests over every protocol that clients may speak. */
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class Http2AndTlsTest {
  private final Vertx vertx = Vertx.vertx();
  private Platform platform;
  private TestTenant tenant;

  @BeforeAll
  void start() throws Exception {
    platform = Platform.withTls();
    tenant = platform.tenant();
  }

  @AfterAll
  void stop() {
    platform.close();
    vertx.close().await();
  }

  private Answer send(HttpVersion version, boolean tls, HttpMethod method, String body) {
    return send(version, tls, method, body, tenant.key().reveal());
  }

  private Answer send(
      HttpVersion version, boolean tls, HttpMethod method, String body, String key) {
    HttpClient client =
        TestClients.http(
            vertx,
            new HttpClientOptions()
                .setProtocolVersion(version)
                .setHttp2ClearTextUpgrade(false)
                .setSsl(tls)
                .setUseAlpn(tls)
                .setTrustAll(true)
                .setVerifyHost(false));
    RequestOptions options =
        new RequestOptions()
            .setHost("127.0.0.1")
            .setPort(tls ? platform.gateway.httpsPort().orElseThrow() : platform.gateway.httpPort())
            .setMethod(method)
            .setURI("/over?v=" + version);
    HttpClientRequest request = client.request(options).await();
    request.authority(HostAndPort.create(tenant.host(), 443));
    request.putHeader("X-API-Key", key).putHeader("x-tenant-id", "evil");
    // Before it is sent: an answer that is whole by then would have lost its body.
    Future<Answer> answer =
        request
            .response()
            .compose(response ->
                response
                    .body()
                    .map(read -> new Answer(response.version(), response.statusCode(), read)));
    request.end(Buffer.buffer(body)).await();
    return answer.await();
  }

  @ParameterizedTest
  @CsvSource({"HTTP_1_1,false", "HTTP_1_1,true", "HTTP_2,false", "HTTP_2,true"})
  void saysWhyItRefuses(HttpVersion version, boolean tls) {
    Answer answer = send(version, tls, HttpMethod.GET, "", "gh_wrong");

    assertThat(answer.status()).isEqualTo(401);
    assertThat(new JsonObject(answer.body()).getString("title")).isEqualTo("Unauthenticated");
  }

  @Test
  void readsTheFirstRequestOverTlsStrictly() throws Exception {
    int before = platform.upstream.received().size();
    TlsCaller caller = new TlsCaller(platform.gateway.httpsPort().orElseThrow(), null);
    try (RawClient client = caller.connect(tenant.host(), "TLSv1.3")) {
      client.write(
          "GET / HTTP/1.1\r\nHost: %s\r\nX-API-Key: %s\r\nX-A: a\r\n b\r\n\r\n"
              .formatted(tenant.host(), tenant.key().reveal()));

      assertThat(client.read().status()).isEqualTo(400);
      assertThat(client.isClosedByPeer()).isTrue();
    }
    assertThat(platform.upstream.received()).hasSize(before);
  }

  @Test
  void refusesASecondHostBesideTheAuthority() {
    HttpClient client =
        TestClients.http(
            vertx,
            new HttpClientOptions()
                .setProtocolVersion(HttpVersion.HTTP_2)
                .setHttp2ClearTextUpgrade(false));
    HttpClientRequest request =
        client.request(HttpMethod.GET, platform.gateway.httpPort(), "127.0.0.1", "/").await();
    request.authority(HostAndPort.create(tenant.host(), 80));
    request.putHeader("X-API-Key", tenant.key().reveal());
    request.headers().add("host", tenant.host()).add("host", "other.example.test");

    assertThat(request.send().await().statusCode()).isEqualTo(400);
  }

  @Test
  void doesNotForwardWhatOnlyTheGatewayMaySay() {
    HttpClient client =
        TestClients.http(
            vertx,
            new HttpClientOptions()
                .setProtocolVersion(HttpVersion.HTTP_2)
                .setHttp2ClearTextUpgrade(false));
    HttpClientRequest request =
        client.request(HttpMethod.GET, platform.gateway.httpPort(), "127.0.0.1", "/").await();
    request.authority(HostAndPort.create(tenant.host(), 80));
    request.putHeader("x-api-key", tenant.key().reveal());
    for (String name : List.of("_x-tenant-id", "http_x_tenant_id", "tenant-id", "x_tenant_id")) {
      request.putHeader(name, "evil");
    }

    assertThat(request.send().await().statusCode()).isEqualTo(200);
    assertThat(platform.upstream.last().headers()).noneMatch(line -> line.contains("evil"));
  }

  private record Answer(HttpVersion version, int status, Buffer body) {}

  @ParameterizedTest
  @CsvSource({"HTTP_1_1,false", "HTTP_1_1,true", "HTTP_2,false", "HTTP_2,true"})
  void forwardsRequestsWithAndWithoutABody(HttpVersion version, boolean tls) {
    Answer get = send(version, tls, HttpMethod.GET, "");
    assertThat(get.status()).isEqualTo(200);
    assertThat(get.version()).isEqualTo(version);
    assertThat(platform.upstream.last().values("X-Forwarded-Proto"))
        .containsExactly(tls ? "https" : "http");
    assertThat(platform.upstream.last().values("X-Tenant-Id"))
        .containsExactly(tenant.edge().id().toString());

    assertThat(platform.upstream.last().values("Transfer-Encoding")).isEmpty();

    Answer post = send(version, tls, HttpMethod.POST, "x".repeat(200_000));
    assertThat(post.status()).isEqualTo(200);
    assertThat(new JsonObject(post.body()).getInteger("bytes")).isEqualTo(200_000);
  }
}

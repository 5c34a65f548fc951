package dev.gatehouse.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jwt.JWTClaimsSet;
import dev.gatehouse.contract.context.TenantContext;
import dev.gatehouse.contract.edge.AuthenticationMethod;
import dev.gatehouse.contract.edge.EdgeClientAuthority;
import dev.gatehouse.contract.edge.EdgeClientAuthority.SubjectName;
import dev.gatehouse.contract.edge.EdgeObject;
import dev.gatehouse.contract.edge.FeedCodec;
import dev.gatehouse.gateway.Platform.TestTenant;
import dev.gatehouse.gateway.RawClient.Response;
import dev.gatehouse.gateway.tls.TestAuthority;
import dev.gatehouse.gateway.tls.TlsCaller;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.HostAndPort;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.SocketAddress;
import java.io.IOException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Callers whose connection comes with a certificate, over real TLS. */
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ClientCertificatesTest {
  private static final String ID = "spiffe://acme.test/cart";
  private static final TestAuthority ROOT = TestAuthority.root("Acme");
  private static final TestAuthority CLIENT = ROOT.order("CN=alice").uri(ID).issue();

  private final Vertx vertx = Vertx.vertx();
  private Platform platform;
  private TestTenant tenant;
  private TestTenant other;

  @BeforeAll
  void start() throws Exception {
    platform = Platform.withTls();
    tenant = tenant(AuthenticationMethod.CLIENT_CERTIFICATE, AuthenticationMethod.API_KEY);
    trust(ROOT.of(tenant.edge().id(), SubjectName.SPIFFE));
    other = platform.tenant();
  }

  @AfterAll
  void stop() {
    platform.close();
    vertx.close().await();
  }

  private TestTenant tenant(AuthenticationMethod... methods) throws InterruptedException {
    return platform.tenant(edge -> Platform.with(edge, Set.copyOf(Arrays.asList(methods))));
  }

  private void trust(EdgeClientAuthority authority) throws InterruptedException {
    platform.feed.awaitApplied(platform.feed.put(authority));
  }

  private int port() {
    return platform.gateway.httpsPort().orElseThrow();
  }

  private TlsCaller caller(@Nullable TestAuthority shows) throws Exception {
    return new TlsCaller(port(), shows);
  }

  private Response get(@Nullable TestAuthority shows, TestTenant at, String... headers)
      throws Exception {
    return caller(shows).get(at.host(), at.host(), headers);
  }

  private static String detail(Response response) {
    return new JsonObject(response.body()).getString("detail");
  }

  private static String key(TestTenant tenant) {
    return "X-API-Key: " + tenant.key().reveal();
  }

  private JsonObject context() {
    String payload =
        platform.upstream.last().values(TenantContext.HEADER).getFirst().split("\\.", -1)[1];
    return new JsonObject(Buffer.buffer(Base64.getUrlDecoder().decode(payload)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void letsTheHolderInByEveryTls(String protocol) throws Exception {
    TlsCaller caller = caller(CLIENT);
    try (RawClient client = caller.connect(tenant.host(), protocol)) {
      for (int i = 0; i < 3; i++) {
        assertThat(TlsCaller.get(client, tenant.host()).status()).isEqualTo(200);
      }
    }
    assertThat(caller.asked()).isEqualTo(1);
    JsonObject context = context();
    assertThat(context.getString("sub")).isEqualTo(ID);
    assertThat(context.getJsonArray("amr")).containsExactly("client-certificate");
    assertThat(context.getJsonArray("roles")).containsExactly("device");
    assertThat(context.getString("scope")).isEqualTo("report");
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void asksForNoneAtOtherHosts(String protocol) throws Exception {
    for (String name : Arrays.asList(other.host(), "nobody.example.test", "example.test", null)) {
      TlsCaller caller = caller(CLIENT);
      try (RawClient client = caller.connect(name, protocol)) {
        assertThat(TlsCaller.get(client, other.host(), key(other)).status()).isEqualTo(200);
      }
      assertThat(caller.asked()).as("asked at %s", name).isZero();
    }
  }

  @Test
  void requiresNoneWhereAnotherWayWillDo() throws Exception {
    TlsCaller without = caller(null);
    assertThat(without.get(tenant.host(), tenant.host(), key(tenant)).status()).isEqualTo(200);
    assertThat(without.asked()).isEqualTo(1);
    assertThat(without.get(tenant.host(), tenant.host()).status()).isEqualTo(401);
    Response inTheClear =
        RawClient.send(platform.gateway.httpPort(), "GET / HTTP/1.1", "Host: " + tenant.host());
    assertThat(inTheClear.status()).isEqualTo(401);
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void sendsClientsThatWereNotAskedToANewConnection(String protocol) throws Exception {
    for (String name : Arrays.asList(other.host(), null)) {
      try (RawClient client = caller(CLIENT).connect(name, protocol)) {
        Response misdirected = TlsCaller.get(client, tenant.host());
        assertThat(misdirected.status()).isEqualTo(421);
        assertThat(new JsonObject(misdirected.body()).getString("type")).endsWith("/misdirected");
        assertThat(TlsCaller.get(client, tenant.host(), key(tenant)).status())
            .as("another way, unless the connection is for somebody else's host")
            .isEqualTo(name == null ? 200 : 421);
      }
    }
  }

  @Test
  void countsACertificateOnlyForTheTenantWhoseAuthorityVouches() throws Exception {
    TestTenant twin = tenant(AuthenticationMethod.CLIENT_CERTIFICATE);
    TestAuthority namesake = TestAuthority.root("Acme");
    trust(namesake.of(twin.edge().id(), SubjectName.SPIFFE));
    try (RawClient client = caller(CLIENT).connect(tenant.host(), "TLSv1.3")) {
      assertThat(TlsCaller.get(client, tenant.host()).status()).isEqualTo(200);
      assertThat(TlsCaller.get(client, twin.host()).status()).isEqualTo(421);
      assertThat(TlsCaller.get(client, other.host()).status()).isEqualTo(421);
    }
    Response foreign = get(CLIENT, twin);
    assertThat(foreign.status()).isEqualTo(401);
    assertThat(detail(foreign)).isEqualTo("The credential is not valid here.");
    assertThat(get(CLIENT, other).status())
        .as("where certificates are not a way in")
        .isEqualTo(401);
    assertThat(get(namesake.order("CN=alice").uri(ID).issue(), tenant).status()).isEqualTo(401);
  }

  @Test
  void looksAtACertificateAgainForEveryTenantOfItsAuthority() throws Exception {
    TestTenant second = tenant(AuthenticationMethod.CLIENT_CERTIFICATE);
    trust(
        ROOT.of(
            second.edge().id(), SubjectName.SPIFFE, Optional.of(Set.of("spiffe://x/*")), Set.of()));
    assertThat(get(CLIENT, tenant).status()).isEqualTo(200);
    Response refused = get(CLIENT, second);
    assertThat(refused.status()).isEqualTo(401);
    assertThat(detail(refused)).isEqualTo("The certificate names nobody who is let in here.");
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void keepsTheCertificateThroughAResumedSession(String protocol) throws Exception {
    TestTenant second = tenant(AuthenticationMethod.CLIENT_CERTIFICATE);
    trust(TestAuthority.root("Other").of(second.edge().id(), SubjectName.SPIFFE));
    TlsCaller caller = caller(CLIENT);
    for (int i = 0; i < 3; i++) {
      try (RawClient client = caller.connect(tenant.host(), protocol)) {
        assertThat(TlsCaller.get(client, tenant.host()).status()).isEqualTo(200);
        assertThat(TlsCaller.get(client, second.host()).status()).isEqualTo(421);
      }
    }
    assertThat(caller.asked()).as("later ones were resumed").isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({
    "expired,'The certificate, or one that vouches for it, has expired.'",
    "to come,'The certificate, or one that vouches for it, is not valid yet.'",
    "for servers,The certificate is not one for clients.",
    "of another domain,The certificate names nobody who is let in here.",
    "of two names,The certificate names nobody who is let in here.",
    "by itself,The credential is not valid here.",
    "by a leaf,The credential is not valid here.",
    "by a stranger,The credential is not valid here."
  })
  void saysWhyOnlyToTheHolderOfAGenuineOne(String kind, String told) throws Exception {
    Instant now = Instant.now();
    Duration day = Duration.ofDays(1);
    TestAuthority.Order order = ROOT.order("CN=alice").uri(ID);
    TestAuthority shown =
        switch (kind) {
          case "expired" -> order.valid(now.minus(day), now.minusSeconds(60)).issue();
          case "to come" -> order.valid(now.plusSeconds(60), now.plus(day)).issue();
          case "for servers" -> order.purpose(KeyPurposeId.id_kp_serverAuth).issue();
          case "of another domain" -> ROOT.order("CN=a").uri("spiffe://evil.test/cart").issue();
          case "of two names" -> order.uri("spiffe://acme.test/b").issue();
          case "by itself" -> TestAuthority.selfSigned("CN=alice").uri(ID).issue();
          case "by a leaf" -> CLIENT.order("CN=alice").uri(ID).issue();
          default -> TestAuthority.root("Acme").order("CN=alice").uri(ID).issue();
        };
    Response refused = get(shown, tenant);
    assertThat(refused.status()).isEqualTo(401);
    assertThat(detail(refused)).isEqualTo(told);
    assertThat(refused.header("WWW-Authenticate")).isEqualTo("Bearer realm=\"gatehouse\"");
    assertThat(get(shown, tenant, key(tenant)).status())
        .as("nothing that is not so is overlooked for a good key")
        .isEqualTo(401);
  }

  @Test
  void refusesAKeyThatIsTooLargeToVerifyBeforeItDoes() throws Exception {
    TestAuthority large = ROOT.order("CN=alice").uri(ID).keys(TestAuthority.largeRsaKey()).issue();
    assertThatThrownBy(() -> get(large, tenant)).isInstanceOf(IOException.class);
    TestAuthority middle = ROOT;
    for (int i = 0; i < 5; i++) {
      middle = middle.order("CN=M" + i).authority(9 - i).issue();
    }
    TestAuthority deep = middle.order("CN=alice").uri(ID).issue();
    assertThatThrownBy(() -> get(deep, tenant)).isInstanceOf(IOException.class);
  }

  @Test
  void opensToACertificateAsSoonAsTheTenantSaysSo() throws Exception {
    TestTenant changing = tenant(AuthenticationMethod.API_KEY);
    trust(ROOT.of(changing.edge().id(), SubjectName.SPIFFE));
    TlsCaller caller = caller(CLIENT);
    try (RawClient early = caller.connect(changing.host(), "TLSv1.3")) {
      assertThat(TlsCaller.get(early, changing.host()).status()).isEqualTo(401);
      platform.feed.awaitApplied(
          platform.feed.put(
              Platform.with(changing.edge(), Set.of(AuthenticationMethod.CLIENT_CERTIFICATE))));
      assertThat(TlsCaller.get(early, changing.host()).status()).isEqualTo(421);
    }
    assertThat(caller.get(changing.host(), changing.host()).status()).isEqualTo(200);
    platform.feed.awaitApplied(platform.feed.put(changing.edge()));
    TlsCaller late = caller(CLIENT);
    assertThat(late.get(changing.host(), changing.host()).status()).isEqualTo(401);
    assertThat(late.asked()).isZero();
  }

  @Test
  void asksForAllThatARouteRequires() throws Exception {
    TestTenant strict = tenant(AuthenticationMethod.CLIENT_CERTIFICATE, AuthenticationMethod.JWT);
    trust(ROOT.of(strict.edge().id(), SubjectName.SPIFFE));
    String path = "/both-" + UUID.randomUUID();
    String route =
        "{'id':'%s','hosts':'any','pathPrefix':'%s','service':'app','access':%s}"
            .formatted(
                UUID.randomUUID(),
                path,
                "{'requiredMethods':['client-certificate'],'methods':['jwt']}");
    platform.feed.awaitApplied(
        platform.feed.put(FeedCodec.decodeObject(EdgeObject.Kind.ROUTE, route.replace('\'', '"'))));
    try (TestIssuer issuer = new TestIssuer()) {
      platform.feed.awaitApplied(platform.feed.put(inline(issuer, strict)));
      String token = "Authorization: Bearer " + issuer.token();
      assertThat(getAt(path, strict, CLIENT, token).status()).isEqualTo(200);
      JsonObject context = context();
      assertThat(context.getString("sub")).isEqualTo("alice");
      assertThat(getAt(path, strict, CLIENT).status()).isEqualTo(403);
      assertThat(getAt(path, strict, null, token).status()).isEqualTo(403);
      try (RawClient notAsked = caller(CLIENT).connect(other.host(), "TLSv1.3")) {
        assertThat(TlsCaller.getAt(notAsked, path, strict.host(), token).status()).isEqualTo(421);
      }
    }
  }

  private Response getAt(
      String path, TestTenant at, @Nullable TestAuthority shows, String... headers)
      throws Exception {
    try (RawClient client = caller(shows).connect(at.host(), "TLSv1.3")) {
      return TlsCaller.getAt(client, path, at.host(), headers);
    }
  }

  private static EdgeObject inline(TestIssuer issuer, TestTenant at) {
    return issuer.inline(at.edge().id());
  }

  @Test
  void endsWhatIsUnderWayWhenTheCertificateIsRevoked() throws Exception {
    TestTenant watched = tenant(AuthenticationMethod.CLIENT_CERTIFICATE);
    EdgeClientAuthority before = ROOT.of(watched.edge().id(), SubjectName.SPIFFE);
    trust(before);
    TestAuthority second = ROOT.order("CN=bob").uri("spiffe://acme.test/bob").issue();
    try (RawClient gone = webSocket(watched, CLIENT);
        RawClient stays = webSocket(watched, second)) {
      trust(with(before, before.certificates(), Set.of(CLIENT.serial())));
      assertThat(gone.isClosedByPeer()).isTrue();
      assertThat(get(CLIENT, watched).status()).isEqualTo(401);
      assertThat(detail(get(CLIENT, watched))).isEqualTo("The certificate has been revoked.");
      assertThat(get(second, watched).status()).isEqualTo(200);

      trust(with(before, TestAuthority.root("New").pem(), Set.of()));
      assertThat(stays.isClosedByPeer()).as("its authority is another").isTrue();
    }
    trust(before);
    try (RawClient last = webSocket(watched, CLIENT)) {
      platform.feed.awaitApplied(
          platform.feed.remove(EdgeObject.Kind.CLIENT_AUTHORITY, before.key()));
      assertThat(last.isClosedByPeer()).isTrue();
    }
  }

  private RawClient webSocket(TestTenant at, TestAuthority shows) throws Exception {
    RawClient client = caller(shows).connect(at.host(), "TLSv1.3");
    client.write(
        """
        GET /echo HTTP/1.1
        Host: %s
        Connection: Upgrade
        Upgrade: websocket
        Sec-WebSocket-Version: 13
        Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==

        """
            .replace("\n", "\r\n")
            .formatted(at.host()));
    assertThat(client.readHead().status()).isEqualTo(101);
    return client;
  }

  private static EdgeClientAuthority with(
      EdgeClientAuthority a, String certificates, Set<String> revoked) {
    return new EdgeClientAuthority(
        a.id(),
        a.tenantId(),
        a.name(),
        certificates,
        a.subject(),
        a.trustDomain(),
        a.subjects(),
        a.roles(),
        a.scopes(),
        Optional.of(revoked));
  }

  @Test
  void takesATokenThatIsBoundToACertificateOnlyWithIt() throws Exception {
    TestTenant bound = tenant(AuthenticationMethod.CLIENT_CERTIFICATE, AuthenticationMethod.JWT);
    try (TestIssuer issuer = new TestIssuer()) {
      platform.feed.awaitApplied(platform.feed.put(inline(issuer, bound)));
      TestAuthority own = TestAuthority.selfSigned("CN=client").issue();
      TestAuthority thief = TestAuthority.selfSigned("CN=client").issue();
      String token = "Authorization: Bearer " + bound(issuer, Map.of("x5t#S256", thumbprint(own)));
      for (int i = 0; i < 2; i++) {
        assertThat(get(own, bound, token).status()).isEqualTo(200);
        for (TestAuthority wrong : Arrays.asList(thief, null)) {
          Response refused = get(wrong, bound, token);
          assertThat(refused.status()).isEqualTo(401);
          assertThat(refused.header("WWW-Authenticate")).contains("error=\"invalid_token\"");
          assertThat(detail(refused)).contains("bound to a client certificate");
        }
        assertThat(
                RawClient.send(
                        platform.gateway.httpPort(),
                        "GET / HTTP/1.1",
                        "Host: " + bound.host(),
                        token)
                    .status())
            .as("in the clear")
            .isEqualTo(401);
        try (RawClient notAsked = caller(own).connect(other.host(), "TLSv1.3")) {
          assertThat(TlsCaller.get(notAsked, bound.host(), token).status()).isEqualTo(421);
        }
      }
      assertThat(context().getString("sub")).isEqualTo("alice");
      for (Object unknown :
          List.of(
              Map.of("jkt", "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I"),
              Map.of("x5t#S256", thumbprint(own), "jkt", "0ZcOCORZNYy"),
              Map.of("x5t#S256", "short"),
              Map.of(),
              "text")) {
        Response refused = get(own, bound, "Authorization: Bearer " + bound(issuer, unknown));
        assertThat(refused.status()).as("cnf %s", unknown).isEqualTo(401);
        assertThat(detail(refused)).contains("not supported");
      }
    }
  }

  private static String bound(TestIssuer issuer, Object confirmation) throws Exception {
    JWTClaimsSet claims = issuer.claims().claim("cnf", confirmation).build();
    return issuer.token(claims);
  }

  private static String thumbprint(TestAuthority client) throws Exception {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(
            MessageDigest.getInstance("SHA-256").digest(client.certificate().getEncoded()));
  }

  @Test
  void letsTheHolderInByHttp2() throws Exception {
    HttpClient client =
        TestClients.http(
            vertx,
            new HttpClientOptions()
                .setProtocolVersion(HttpVersion.HTTP_2)
                .setSsl(true)
                .setUseAlpn(true)
                .setForceSni(true)
                .setTrustAll(true)
                .setVerifyHost(false)
                .setKeyCertOptions(KeyCertOptions.wrap(CLIENT.keyManager())));
    assertThat(over(client, tenant, tenant).statusCode()).isEqualTo(200);
    assertThat(over(client, tenant, other).statusCode()).as("Host is not SNI").isEqualTo(421);
    assertThat(over(client, other, tenant).statusCode()).as("SNI is not Host").isEqualTo(421);
  }

  private HttpClientResponse over(HttpClient client, TestTenant asked, TestTenant host) {
    RequestOptions options =
        new RequestOptions()
            .setServer(SocketAddress.inetSocketAddress(port(), "127.0.0.1"))
            .setHost(asked.host())
            .setPort(port())
            .setURI("/");
    HttpClientRequest request = client.request(options).await();
    assertThat(request.version()).isEqualTo(HttpVersion.HTTP_2);
    request.authority(HostAndPort.create(host.host(), 443));
    return request.send().await();
  }
}

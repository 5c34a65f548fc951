package dev.gatehouse.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.gateway.Platform.TestTenant;
import dev.gatehouse.gateway.RawClient.Response;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a client says of itself that only the gateway may say. */
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SpoofedHeadersTest {
  private Platform platform;

  @BeforeAll
  void start() throws Exception {
    platform = new Platform();
  }

  @AfterAll
  void stop() {
    platform.close();
  }

  private Response get(String host, String... headers) throws Exception {
    String[] lines = new String[headers.length + 2];
    lines[0] = "GET /hello?x=1 HTTP/1.1";
    lines[1] = "Host: " + host;
    System.arraycopy(headers, 0, lines, 2, headers.length);
    return RawClient.send(platform.gateway.httpPort(), lines);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "X-Tenant-Id: evil",
        "x-tenant-id: evil",
        "X_Tenant_Id: evil",
        "XTenantId: evil",
        "X--Tenant-Id: evil",
        "X_Real_IP: evil",
        "X.Tenant.Id: evil",
        "x-TENANT-context: evil",
        "X-Tenant-Slug: evil",
        "X-Tenant: evil",
        "x_tenant-id: evil",
        "_X-Tenant-Id: evil",
        "-x-tenant-id: evil",
        "HTTP_X_TENANT_ID: evil",
        "Http-X-Tenant-Context: evil",
        "_HTTP__X_TENANT_ID: evil",
        "HTTP_HTTP_X_TENANT_ID: evil",
        "X-X-Tenant-Id: evil",
        "X_HTTP_TENANT_ID: evil",
        "Tenant-Id: evil",
        "tenant_id: evil",
        "TENANTID: evil",
        "~Tenant.Slug: evil",
        "HTTP_X_FORWARDED_FOR: 6.6.6.6",
        "_X-Forwarded-Proto: evil",
        "Forwarded-For: 6.6.6.6",
        "HTTP_X_REAL_IP: 6.6.6.6",
        "X-Forwarded-For: 6.6.6.6",
        "X-Forwarded-Host: evil",
        "Forwarded: for=6.6.6.6",
        "X-Real-IP: 6.6.6.6",
        "X-Original-URL: /evil",
        "X_ORIGINAL_URI: /evil",
        "X-Original-Host: evil",
        "X-Original-Method: evil",
        "X-Rewrite-URL: /evil",
        "HTTP_X_ORIGINAL_URL: /evil",
        "Client-Cert: evil",
        "client_cert_chain: evil",
        "X-Client-Cert: evil",
        "X-SSL-Client-Cert: evil",
        "X_SSL_CLIENT_VERIFY: evil",
        "SSL-Client-S-DN: evil",
        "HTTP_CLIENT_CERT: evil",
        "X-Forwarded-Client-Cert: evil",
        "X-ARR-ClientCert: evil",
        "X-Amzn-Mtls-Clientcert-Subject: evil",
        "TLS-Client-Cert: evil",
        "X_TLS_Client_Cert: evil",
        "X-SSL-CERT: evil",
        "X-SSL-Subject: evil",
        "X-SSL-Issuer: evil",
        "X-Client-Verify: evil",
        "X-Client-DN: evil",
        "X-Client-Subject-DN: evil",
        "Cf-Client-Cert-Der-Base64: evil",
        "WL-Proxy-Client-Cert: evil",
        "-wl_proxy_client_cert: evil",
        "Proxy: evil",
        "HTTP_Proxy: evil",
        "Transfer_Encoding: evil",
        "True-Client-IP: evil",
        "Client-IP: evil",
        "X_Client_IP: evil",
        "CF-Connecting-IP: evil",
        "CF_Connecting_IPv6: evil",
        "Fastly-Client-IP: evil",
        "X-Cluster-Client-Ip: evil",
        "WL-Proxy-Client-IP: evil",
        "Proxy-Client-IP: evil",
        "X-Envoy-External-Address: evil",
        "X-Remote-Addr: evil",
        "traceparent: evil"
      })
  void doesNotForwardWhatOnlyTheGatewayMaySay(String header) throws Exception {
    TestTenant tenant = platform.tenant();

    Response response = get(tenant.host(), header, header, "X-API-Key: " + tenant.key().reveal());

    assertThat(response.status()).isEqualTo(200);
    assertThat(platform.upstream.last().headers())
        .noneMatch(line -> line.contains("evil") || line.contains("6.6.6.6"));
    assertThat(platform.upstream.last().values("X-Tenant-Id"))
        .containsExactly(tenant.edge().id().toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "X-Http-Method-Override",
        "X-Tena",
        "Tenacious",
        "HTTPS",
        "X-Real",
        "X-Original",
        "X-Original-To",
        "X-Rewrite",
        "Original-URL",
        "Http-Client",
        "Client-Version",
        "SSL-Session",
        "Proxy-Status",
        "Client-IPs",
        "X-Client-Id",
        "Transfer-Id",
        "X",
        "_"
      })
  void forwardsNamesThatOnlyLookAlike(String name) throws Exception {
    TestTenant tenant = platform.tenant();

    get(tenant.host(), name + ": kept", "X-API-Key: " + tenant.key().reveal());

    assertThat(platform.upstream.last().values(name)).containsExactly("kept");
  }

  @Test
  void doesNotLetConnectionRemoveWhatTheGatewaySays() throws Exception {
    TestTenant tenant = platform.tenant();

    get(
        tenant.host(),
        "Connection: X-Tenant-Id, X-Tenant-Context, Cookie, Authorization, Host, X-Drop",
        "Authorization: Basic eDp5",
        "Cookie: a=b",
        "X-Drop: 1",
        "X-API-Key: " + tenant.key().reveal());

    var received = platform.upstream.last();
    assertThat(received.values("X-Tenant-Id")).hasSize(1);
    assertThat(received.values("X-Tenant-Context")).hasSize(1);
    assertThat(received.values("Cookie")).containsExactly("a=b");
    assertThat(received.values("Authorization")).containsExactly("Basic eDp5");
    assertThat(received.values("Host")).hasSize(1);
    assertThat(received.values("X-Drop")).isEmpty();
    assertThat(received.values("Connection")).isEmpty();
  }

  @Test
  void doesNotForwardTrailers() throws Exception {
    TestTenant tenant = platform.tenant();
    try (RawClient client = new RawClient(platform.gateway.httpPort())) {
      client.write(
          "POST /t HTTP/1.1\r\nHost: %s\r\nX-API-Key: %s\r\nTransfer-Encoding: chunked\r\n\r\n"
              .formatted(tenant.host(), tenant.key().reveal()));
      client.write("3\r\nabc\r\n0\r\nX-Tenant-Id: evil\r\n\r\n");

      assertThat(client.read().status()).isEqualTo(200);
    }
    assertThat(platform.upstream.last().body()).isEqualTo("abc");
    assertThat(platform.upstream.last().headers()).noneMatch(line -> line.contains("evil"));
  }
}

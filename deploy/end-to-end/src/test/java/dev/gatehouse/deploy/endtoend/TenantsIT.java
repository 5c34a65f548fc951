package dev.gatehouse.deploy.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.deploy.endtoend.RawHttp.Answer;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What tenants see of each other: nothing. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(300)
@SuppressWarnings("NullAway.Init") // set before all tests
class TenantsIT {
  private Path scratch;
  private RunningDemo demo;
  private RawHttp gateway;
  private ControlPlaneApi controlPlane;

  @BeforeAll
  void start(@TempDir Path directory) throws Exception {
    scratch = directory;
    demo = RunningDemo.start(scratch.resolve("demo"));
    gateway = new RawHttp(demo.gatewayPort());
    controlPlane = new ControlPlaneApi(demo);
  }

  @AfterAll
  void stop() throws Exception {
    controlPlane.close();
    demo.close();
  }

  @Test
  void twoTenantsReachTheSameAppAndSeeTheirOwnData() throws Exception {
    String other = createTenant();
    String otherKey = createKey(other);
    String text = "for " + UUID.randomUUID();

    Answer posted =
        gateway.send(
            "POST /notes HTTP/1.1\r\nHost: acme.localhost\r\nX-API-Key: %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n"
                .formatted(demo.apiKey("acme"), text.length() + 12),
            "{\"text\": \"%s\"}".formatted(text));

    assertThat(posted.status()).isEqualTo(201);
    assertThat(gateway.get("acme.localhost", "/notes", key(demo.apiKey("acme"))).text())
        .contains(text);
    Answer others = gateway.get(other + ".localhost", "/notes", key(otherKey));
    assertThat(others.status()).isEqualTo(200);
    assertThat(others.text()).doesNotContain(text);
  }

  @Test
  void theAppGetsAVerifiedContext() throws Exception {
    Answer answer = gateway.get("acme.localhost", "/whoami", key(demo.apiKey("acme")));
    assertThat(answer.json().at("/context/tenantId").asText()).isEqualTo(demo.id("acme"));
    assertThat(answer.json().at("/context/subject").asText()).isEqualTo("demo");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "X-Tenant-Id: %s\r\n",
        "x-tenant-id: %s\r\n",
        "X-TENANT-ID: %s\r\n",
        "X_Tenant_Id: %s\r\n",
        "X-Tenant_Id: %s\r\n",
        "X.Tenant.Id: %s\r\n",
        "X-Tenant.Id: %s\r\n",
        "X-Tenant-Id: %1$s\r\nX-Tenant-Id: %1$s\r\n",
        "X-Tenant-Id: %s\r\nConnection: X-Tenant-Id\r\n",
        "Connection: X-Tenant-Id, X-Tenant-Context, X-Tenant-Slug\r\nX-Tenant-Name: %s\r\n",
        "X-Tenant-Slug: globex\r\nX-Tenant-Context: %s\r\n",
        "X-Tenant-Id : %s\r\n",
        "Accept: */*\r\n X-Tenant-Id: %s\r\n",
      })
  void aSpoofedTenantDoesNotGetThrough(String headers) throws Exception {
    String spoofed = headers.formatted(demo.id("globex"));

    Answer answer = gateway.get("acme.localhost", "/whoami", key(demo.apiKey("acme")) + spoofed);

    assertThat(answer.text()).doesNotContain(demo.id("globex")).doesNotContain("globex");
    if (answer.status() == 200) {
      assertThat(answer.json().at("/context/tenantId").asText()).isEqualTo(demo.id("acme"));
      assertThat(answer.json().at("/headers/X-Tenant-Id/0").asText()).isEqualTo(demo.id("acme"));
    } else {
      assertThat(answer.status()).isEqualTo(400);
    }
  }

  @Test
  void aSpoofedTenantInATrailerDoesNotGetThrough() throws Exception {
    Answer answer =
        gateway.send(
            "POST /upload HTTP/1.1\r\nHost: acme.localhost\r\n"
                + key(demo.apiKey("acme"))
                + "Transfer-Encoding: chunked\r\nTrailer: X-Tenant-Id\r\n",
            "5\r\nhello\r\n0\r\nX-Tenant-Id: %s\r\n\r\n".formatted(demo.id("globex")));
    assertThat(answer.text()).doesNotContain("globex").doesNotContain(demo.id("globex"));
    assertThat(answer.status()).isIn(200, 400);
  }

  @ParameterizedTest
  @ValueSource(strings = {"X-Tenant-Id", "x_tenant_id", "X-Tenant-Context"})
  void aSpoofedTenantOnAWebSocketDoesNotGetThrough(String header) throws Exception {
    String message =
        gateway.firstMessage(
            "acme.localhost",
            "/echo",
            key(demo.apiKey("acme")) + header + ": " + demo.id("globex") + "\r\n");
    assertThat(message).contains(demo.id("acme")).doesNotContain(demo.id("globex"));
  }

  @Test
  void aKeyOfOneTenantIsNothingAtAnother() throws Exception {
    Answer answer = gateway.get("acme.localhost", "/whoami", key(demo.apiKey("initech")));
    assertThat(answer.status()).isEqualTo(401);
  }

  @Test
  void anUnknownHostIsNotFound() throws Exception {
    assertThat(gateway.get("nobody.localhost", "/", "").status()).isEqualTo(404);
    assertThat(gateway.get("other.example", "/", "").status()).isEqualTo(404);
  }

  @Test
  void aSuspendedTenantOfTheDemoIsRefused() throws Exception {
    assertThat(gateway.get("initech.localhost", "/", key(demo.apiKey("initech"))).status())
        .isEqualTo(403);
  }

  @Test
  void aTenantIsReachedAtItsOwnDomain() throws Exception {
    String tenant = createTenant();
    String apiKey = createKey(tenant);
    String host = tenant + ".example";
    HttpResponse<String> added =
        controlPlane.post(
            "/v1/tenants/" + tenant + "/domains",
            "{\"host\": \"%s\", \"verification\": \"none\"}".formatted(host));
    assertThat(added.statusCode()).as(added.body()).isEqualTo(201);
    assertThat(gateway.get(host, "/whoami", key(apiKey)).status()).isEqualTo(200);
  }

  @Test
  void aTenantSuspendedWithPreferWaitIsRefusedOnTheVeryNextRequest() throws Exception {
    String tenant = createTenant();
    String apiKey = createKey(tenant);
    assertThat(gateway.get(tenant + ".localhost", "/whoami", key(apiKey)).status()).isEqualTo(200);

    HttpResponse<String> suspended =
        controlPlane.post("/v1/tenants/" + tenant + "/suspend", "{\"reason\": \"a test\"}");

    assertThat(gateway.get(tenant + ".localhost", "/whoami", key(apiKey)).status()).isEqualTo(403);
    assertThat(suspended.statusCode()).as(suspended.body()).isEqualTo(200);
    assertThat(suspended.headers().firstValue("Preference-Applied")).hasValue("wait=5");
  }

  @Test
  void theLowLimitOfOneTenantIsEnforced() throws Exception {
    boolean refused = false;
    for (int request = 0; request < 200 && !refused; request++) {
      refused = gateway.get("globex.localhost", "/", "").status() == 429;
    }
    assertThat(refused).isTrue();
  }

  @Test
  void everyPrintedCurlLineWorks() throws Exception {
    List<String> lines =
        demo.output().lines().map(String::strip).filter(line -> line.contains("curl ")).toList();
    assertThat(lines).hasSize(5);
    for (String line : lines) {
      Launcher.Ended ended =
          Launcher.shell(scratch, line.replace("curl ", "curl -sS --fail-with-body "), Map.of());
      boolean refusedByLimit = ended.output().contains("429");
      assertThat(ended.exitCode() == 0 || refusedByLimit)
          .as("%s%n%s", line, ended.output())
          .isTrue();
    }
  }

  private String createTenant() throws Exception {
    String slug = "t" + UUID.randomUUID().toString().substring(0, 13);
    HttpResponse<String> created =
        controlPlane.post(
            "/v1/tenants", "{\"slug\": \"%s\", \"name\": \"A test\"}".formatted(slug));
    assertThat(created.statusCode()).as(created.body()).isEqualTo(201);
    return slug;
  }

  private String createKey(String tenant) throws Exception {
    HttpResponse<String> created =
        controlPlane.post(
            "/v1/tenants/" + tenant + "/api-keys", "{\"subject\": \"test\", \"roles\": []}");
    assertThat(created.statusCode()).as(created.body()).isEqualTo(201);
    return created.body().replaceFirst("(?s).*\"secret\"\\s*:\\s*\"([^\"]+)\".*", "$1");
  }

  private static String key(String apiKey) {
    return "X-API-Key: " + apiKey + "\r\n";
  }
}

package dev.gatehouse.deploy.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatehouse.deploy.endtoend.Launcher.Ended;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The trail of a running platform, from the gateway's refusals to the offline verification. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(300)
@SuppressWarnings("NullAway.Init") // set before all tests
class AuditIT {
  private static final ObjectMapper JSON = new ObjectMapper();

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
  void theGatewaysRefusalsArriveInTheTenantsTrail() throws Exception {
    String foreign = "X-API-Key: " + demo.apiKey("initech") + "\r\n";
    String spoofed = "X-API-Key: " + demo.apiKey("acme") + "\r\nX-Tenant-Id: globex\r\n";
    for (int i = 0; i < 4; i++) {
      assertThat(gateway.get("acme.localhost", "/whoami", foreign).status()).isEqualTo(401);
      assertThat(gateway.get("acme.localhost", "/whoami", spoofed).status()).isEqualTo(200);
    }

    assertThat(awaitCount("gateway.foreign-credential", 4)).isEqualTo(4);
    assertThat(awaitCount("gateway.spoofed-tenant", 4)).isEqualTo(4);
    assertThat(controlPlane.get("/v1/tenants/acme/audit").body())
        .doesNotContain(demo.id("initech"));
  }

  @Test
  void anExportIsVerifiedOfflineAndAnEditedOneIsNot() throws Exception {
    controlPlane.post("/v1/tenants/globex/suspend", "{\"reason\": \"a test\"}");
    controlPlane.post("/v1/tenants/globex/resume", "{}");
    controlPlane.post("/v1/audit/checkpoints", "");
    Path keys = write("keys.json", controlPlane.get("/v1/audit/keys").body());
    String export = controlPlane.get("/v1/tenants/globex/audit/export").body();
    Path whole = write("whole.ndjson", export);
    Path edited = write("edited.ndjson", export.replace("a test", "a joke"));

    Ended sound = verify(whole, keys);
    assertThat(sound.exitCode()).as(sound.output()).isZero();
    assertThat(sound.output()).contains("of tenant " + demo.id("globex") + " fit");

    Ended broken = verify(edited, keys);
    assertThat(broken.exitCode()).as(broken.output()).isEqualTo(1);
    assertThat(broken.output()).startsWith("edited: Entry ");

    Ended unusable = verify(scratch.resolve("nothing"), keys);
    assertThat(unusable.exitCode()).as(unusable.output()).isEqualTo(2);
  }

  private Ended verify(Path export, Path keys) throws Exception {
    return Launcher.run(scratch, "audit", "verify", export.toString(), "--keys", keys.toString());
  }

  private Path write(String name, String text) throws Exception {
    return Files.writeString(scratch.resolve(name), text);
  }

  /** How often something is said to have happened, once it is at least this often. */
  private long awaitCount(String action, long expected) throws Exception {
    long count = 0;
    while (count < expected) {
      LockSupport.parkNanos(100_000_000);
      JsonNode page =
          JSON.readTree(controlPlane.get("/v1/tenants/acme/audit?action=" + action).body());
      List<JsonNode> items = page.path("items").valueStream().toList();
      count = items.stream().mapToLong(item -> item.at("/entry/count").asLong()).sum();
    }
    return count;
  }
}

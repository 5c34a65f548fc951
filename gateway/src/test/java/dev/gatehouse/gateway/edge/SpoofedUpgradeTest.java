package dev.gatehouse.gateway.edge;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.Socket;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** WebSockets and event streams say no more of the tenant than any other request. */
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SpoofedUpgradeTest {
  private static final List<String> SPOOFED =
      List.of(
          "X-Tenant-Id: evil",
          "X_Tenant_Id: evil",
          "X.Tenant.Id: evil",
          "x-tenant-context: evil",
          "X-Forwarded-For: evil",
          "Forwarded: for=evil",
          "Authorization: Basic eDp5");

  private EdgeScene scene;

  @BeforeAll
  void start() throws Exception {
    scene = new EdgeScene();
  }

  @AfterAll
  void stop() throws Exception {
    scene.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n",
        "Connection: Upgrade, X-Tenant-Id, X-Tenant-Context, Authorization\r\nUpgrade: websocket\r\n",
        "Accept: text/event-stream\r\nConnection: X-Tenant-Id, X-Tenant-Context, Authorization\r\n"
      })
  void saysTheTenantItself(String lines) throws Exception {
    String path = scene.newPath();
    String request =
        "GET PATH HTTP/1.1\r\nHEAD\r\n" + String.join("\r\n", SPOOFED) + "\r\n" + lines;
    try (Socket client = scene.connect()) {
      EdgeScene.write(client, scene.filled(request + "\r\n", path));

      String seen = scene.upstream.awaitCarrying(path).received();
      String head = seen.substring(seen.indexOf(path));
      assertThat(head).doesNotContain("evil").contains("Basic eDp5");
      assertThat(head.lines().filter(line -> line.matches("(?i)x.?tenant.?id:.*")))
          .singleElement()
          .asString()
          .endsWith(scene.tenant.edge().id().toString());
      assertThat(head.lines().filter(line -> line.matches("(?i)x-tenant-context:.*"))).hasSize(1);
    }
  }
}

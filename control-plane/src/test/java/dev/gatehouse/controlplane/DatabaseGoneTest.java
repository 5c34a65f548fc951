package dev.gatehouse.controlplane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.backends.EmbeddedPostgres;
import dev.gatehouse.controlplane.access.FirstTokens;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** On a PostgreSQL of its own, which it stops and starts. */
@Timeout(180)
class DatabaseGoneTest {
  @TempDir Path directory;

  @Test
  void answers503UntilTheDatabaseIsBack() {
    EmbeddedPostgres postgres = EmbeddedPostgres.start(directory, 0);
    int port = postgres.port();
    try (ControlPlane controlPlane =
        ControlPlane.start(RunningControlPlane.config(postgres.url()))) {
      FirstTokens tokens = controlPlane.firstTokens().orElseThrow();
      ApiClient operator = new ApiClient(controlPlane.port(), tokens.operatorToken());
      ApiClient gateway = new ApiClient(controlPlane.port(), tokens.gatewayToken());
      String tenant = operator.post("/v1/tenants", Fresh.tenant()).header("Location");

      postgres.close();
      for (int round = 0; round < 3; round++) {
        refusals(operator, gateway).forEach(DatabaseGoneTest::saysThatTheDatabaseIsGone);
      }
      List<Reply> many = Concurrently.call(50, _ -> operator.get(tenant));
      many.forEach(DatabaseGoneTest::saysThatTheDatabaseIsGone);
      assertThat(operator.get("/healthz").status()).isEqualTo(200);

      postgres = EmbeddedPostgres.start(directory, port);
      await(() -> operator.get("/readyz").status() == 200);
      await(() -> operator.get(tenant).status() == 200);
      assertThat(operator.post("/v1/tenants", Fresh.tenant()).status()).isEqualTo(201);
    } finally {
      postgres.close();
    }
  }

  /** Its processes are there and their connections stay open, but nothing answers. */
  @Test
  void answers503WhileTheDatabaseIsSilent() throws Exception {
    try (EmbeddedPostgres postgres = EmbeddedPostgres.start(directory, 0);
        ControlPlane controlPlane =
            ControlPlane.start(RunningControlPlane.config(postgres.url()))) {
      String token = controlPlane.firstTokens().orElseThrow().operatorToken();
      ApiClient operator = new ApiClient(controlPlane.port(), token);
      assertThat(operator.get("/readyz").status()).isEqualTo(200);

      signal("STOP", postgres);
      try {
        List<Reply> replies = Concurrently.call(30, _ -> operator.get("/v1/tenants"));
        replies.forEach(DatabaseGoneTest::saysThatTheDatabaseIsGone);
      } finally {
        signal("CONT", postgres);
      }
      await(() -> operator.get("/v1/tenants").status() == 200);
    }
  }

  /** The server first: once it stands still, it makes no more processes that would be missed. */
  private static void signal(String name, EmbeddedPostgres postgres) throws Exception {
    ProcessHandle server = ProcessHandle.of(postgres.pid()).orElseThrow();
    signal(name, Stream.of(server));
    signal(name, server.descendants());
  }

  private static void signal(String name, Stream<ProcessHandle> processes) throws Exception {
    List<String> command = new ArrayList<>(List.of("kill", "-" + name));
    processes.forEach(process -> command.add(Long.toString(process.pid())));
    assertThat(new ProcessBuilder(command).start().waitFor()).isZero();
  }

  private static List<Reply> refusals(ApiClient operator, ApiClient gateway) {
    return List.of(
        operator.get("/readyz"),
        operator.get("/.well-known/jwks.json"),
        operator.get("/v1/tenants"),
        operator.get("/v1/gateways"),
        operator.post("/v1/tenants", Fresh.tenant(), "Idempotency-Key", "one"),
        operator.delete("/v1/tenants/" + Fresh.slug()),
        gateway.get("/edge/v1/feed?gateway=gw"),
        gateway.post("/edge/v1/applied", new JsonObject().put("gateway", "gw").put("revision", 0)));
  }

  private static void saysThatTheDatabaseIsGone(Reply reply) {
    assertThat(reply.status()).as(reply.toString()).isEqualTo(503);
    assertThat(reply.problem()).isEqualTo("unavailable");
    assertThat(reply.header("Retry-After")).isEqualTo("1");
  }

  private static void await(BooleanSupplier condition) {
    while (!condition.getAsBoolean()) {
      assertThat(Thread.interrupted()).as("the test took too long").isFalse();
      LockSupport.parkNanos(20_000_000);
    }
  }
}

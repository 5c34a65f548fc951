package dev.gatehouse.gateway.upstream;

import io.grpc.InsecureServerCredentials;
import io.grpc.Server;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.okhttp.OkHttpServerBuilder;
import io.grpc.protobuf.services.HealthStatusManager;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Health as grpc-java's own servers tell it. */
@Timeout(60)
class GrpcHealthTest {
  @AutoClose private final TestUpstreams test = new TestUpstreams();
  private final HealthStatusManager health = new HealthStatusManager();
  private final Server server;

  GrpcHealthTest() throws IOException {
    server =
        OkHttpServerBuilder.forPort(0, InsecureServerCredentials.create())
            .addService(health.getHealthService())
            .build()
            .start();
  }

  @AfterEach
  void stop() {
    server.shutdownNow();
  }

  private void check(String grpcService) {
    test.service(
        "{'name':'app','protocol':'h2','endpoints':[{'host':'127.0.0.1','port':"
            + server.getPort()
            + ",'tls':false}],'healthCheck':{'type':'grpc',"
            + grpcService
            + "'interval':'PT0.1S','healthyThreshold':2,'unhealthyThreshold':2}}");
  }

  private String shown(String field) {
    return test.shown("app", "127.0.0.1", server.getPort()).getString(field);
  }

  private void becomes(String state, String reason) {
    TestUpstreams.await(() -> state.equals(shown("state")) && reason.equals(shown("reason")));
  }

  @Test
  void followsOneServiceFromServingToNotServingAndBack() {
    health.setStatus("words", ServingStatus.SERVING);
    check("'grpcService':'words',");
    becomes("healthy", "checks succeed");

    health.setStatus("words", ServingStatus.NOT_SERVING);
    becomes("unhealthy", "gRPC health is not SERVING");

    health.setStatus("words", ServingStatus.SERVING);
    becomes("healthy", "checks succeed");
  }

  @Test
  void asksForTheWholeServerWhereNoServiceIsNamed() {
    check("");
    becomes("healthy", "checks succeed");

    health.enterTerminalState();
    becomes("unhealthy", "gRPC health is not SERVING");
  }

  @Test
  void aServiceThatTheServerDoesNotHaveIsUnhealthy() {
    check("'grpcService':'unknown',");

    becomes("unhealthy", "gRPC status is 5, expected 0");
  }
}

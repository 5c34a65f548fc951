package dev.gatehouse.loadtests.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.gatehouse.backends.EmbeddedRedis;
import dev.gatehouse.contract.context.SigningKeys;
import dev.gatehouse.loadtests.contender.BareVertxHttpProxy;
import dev.gatehouse.loadtests.contender.GatehouseGateway;
import dev.gatehouse.loadtests.contender.RunningContender;
import dev.gatehouse.loadtests.contender.Stage;
import dev.gatehouse.loadtests.process.Child;
import dev.gatehouse.loadtests.process.Cores;
import dev.gatehouse.loadtests.tenants.SyntheticFeed;
import dev.gatehouse.loadtests.tenants.SyntheticTenants;
import dev.gatehouse.loadtests.upstream.Upstream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
@EnabledOnOs(OS.LINUX)
class WorkProofTest {
  private static final SyntheticTenants TENANTS = new SyntheticTenants(3);

  @TempDir private Path folder;

  @Test
  void findsEveryStageInOurGateway() throws Exception {
    int port = Child.freePort();
    try (Child upstream = Upstream.inOwnProcess(Cores.ofThisMachine(), port, folder);
        EmbeddedRedis redis = EmbeddedRedis.start(folder.resolve("redis"), 0);
        SyntheticFeed feed = SyntheticFeed.start(TENANTS, port)) {
      upstream.awaitPort(port);
      Stage stage = new Stage(folder, Cores.ofThisMachine(), port, feed.url(), redis.url());
      try (RunningContender gateway = new GatehouseGateway().start(stage)) {
        WorkProof otherKey =
            new WorkProof(TENANTS, SigningKeys.publicJwks(List.of(SigningKeys.generate())));
        assertThatThrownBy(() -> otherKey.prove(gateway))
            .hasMessageContaining("the upstream cannot trust what it received");

        assertThat(new WorkProof(TENANTS, feed.jwks()).prove(gateway))
            .startsWith("gatehouse does its work")
            .contains("401", "404", "429")
            .doesNotContain("\n");
      }
    }
  }

  @Test
  void asksABareProxyForTheUpstreamsBodyAndNoMore() throws Exception {
    int port = Child.freePort();
    try (Child upstream = Upstream.inOwnProcess(Cores.ofThisMachine(), port, folder)) {
      upstream.awaitPort(port);
      Stage stage = new Stage(folder, Cores.ofThisMachine(), port, "unused", "unused");
      try (RunningContender bare = new BareVertxHttpProxy().start(stage)) {
        RunningContender inOurName =
            new RunningContender(GatehouseGateway.NAME, bare.process(), bare.port());

        assertThat(proof().prove(bare))
            .isEqualTo("vertx-http-proxy does its work: forwards to the upstream");
        assertThatThrownBy(() -> proof().prove(inOurName))
            .isInstanceOf(IOException.class)
            .hasMessage(
                "gatehouse does not do the work that it is measured for: a request with another"
                    + " tenant's key must be answered 401, found 200");
      }
    }
  }

  @Test
  void refusesAProxyWithAnotherBody() throws Exception {
    HttpServer empty =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    empty.createContext("/", exchange -> exchange.sendResponseHeaders(200, -1));
    empty.start();
    int port = Child.freePort();
    try (Child upstream = Upstream.inOwnProcess(Cores.ofThisMachine(), port, folder)) {
      RunningContender wrong =
          new RunningContender("haproxy", upstream, empty.getAddress().getPort());
      assertThatThrownBy(() -> proof().prove(wrong))
          .hasMessageContaining("expected the upstream's body of 1024 bytes, found another of 0");
    } finally {
      empty.stop(0);
    }
  }

  private static WorkProof proof() {
    return new WorkProof(TENANTS, SigningKeys.publicJwks(List.of(SigningKeys.generate())));
  }
}

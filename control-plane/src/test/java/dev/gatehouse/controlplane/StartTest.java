package dev.gatehouse.controlplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.backends.TestBackends;
import dev.gatehouse.contract.edge.EdgeSigningKey.Purpose;
import dev.gatehouse.contract.token.SecretToken;
import dev.gatehouse.controlplane.access.FirstTokens;
import io.vertx.core.json.JsonObject;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class StartTest {
  private final String url = TestBackends.freshDatabaseUrl();

  @Test
  void makesTokensAtTheVeryFirstStartAndKeepsThem() {
    FirstTokens tokens;
    JsonObject tenant;
    try (ControlPlane first = ControlPlane.start(RunningControlPlane.config(url))) {
      tokens = first.firstTokens().orElseThrow();
      tenant = operator(first, tokens.operatorToken()).post("/v1/tenants", Fresh.tenant()).json();
    }

    try (ControlPlane second = ControlPlane.start(RunningControlPlane.config(url))) {
      assertThat(second.firstTokens()).isEmpty();
      Reply kept =
          operator(second, tokens.operatorToken()).get("/v1/tenants/" + tenant.getString("id"));
      assertThat(kept.json()).isEqualTo(tenant);
      assertThat(keys(second, tokens)).hasSize(Purpose.values().length);
    }
  }

  @Test
  void makesTokensAndKeysOnceWhereTwoInstancesStartTogether() {
    List<ControlPlane> instances =
        Concurrently.call(2, _ -> ControlPlane.start(RunningControlPlane.config(url)));
    try {
      List<FirstTokens> tokens =
          instances.stream().flatMap(instance -> instance.firstTokens().stream()).toList();
      assertThat(tokens).hasSize(1);
      for (ControlPlane instance : instances) {
        ApiClient api = operator(instance, tokens.getFirst().operatorToken());
        assertThat(api.get("/v1/tokens").json().getJsonArray("items")).hasSize(2);
        assertThat(keys(instance, tokens.getFirst())).hasSize(Purpose.values().length);
      }
    } finally {
      instances.forEach(ControlPlane::close);
    }
  }

  @Test
  void refusesToStartOnADatabaseThatAnotherMasterKeyHasSealed() {
    ControlPlaneConfig config = RunningControlPlane.config(url);
    ControlPlane.start(config).close();
    byte[] another = new byte[32];
    another[0] = 1;
    ControlPlaneConfig wrong =
        new ControlPlaneConfig(
            config.http(),
            config.database(),
            config.baseDomain(),
            Base64.getEncoder().encodeToString(another),
            config.bootstrap());
    assertThatThrownBy(() -> ControlPlane.start(wrong))
        .hasMessageContaining("another masterKey")
        .hasMessageNotContaining(wrong.masterKey());
    ControlPlane.start(config).close();
  }

  @Test
  void makesTheTokensOfTheConfigurationExist() {
    String operator = SecretToken.generate(SecretToken.Kind.OPERATOR).reveal();
    String gateway = SecretToken.generate(SecretToken.Kind.GATEWAY).reveal();
    ControlPlaneConfig config =
        RunningControlPlane.config(
            url,
            Optional.of(
                new ControlPlaneConfig.Bootstrap(Optional.of(operator), Optional.of(gateway))));
    for (int start = 0; start < 2; start++) {
      try (ControlPlane controlPlane = ControlPlane.start(config)) {
        assertThat(controlPlane.firstTokens()).isEmpty();
        ApiClient api = operator(controlPlane, operator);
        assertThat(api.get("/v1/tokens").json().getJsonArray("items")).hasSize(2);
        JsonObject applied = new JsonObject().put("gateway", "gw").put("revision", 0);
        assertThat(operator(controlPlane, gateway).post("/edge/v1/applied", applied).status())
            .isEqualTo(204);
      }
    }
  }

  @Test
  void failsWhereThePortIsTakenAndLeavesNothingRunning() throws Exception {
    ControlPlaneConfig config = RunningControlPlane.config(url);
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      ControlPlaneConfig same =
          new ControlPlaneConfig(
              new ControlPlaneConfig.Http("127.0.0.1", taken.getLocalPort()),
              config.database(),
              config.baseDomain(),
              config.masterKey(),
              config.bootstrap(),
              config.rates(),
              config.domains());
      assertThatThrownBy(() -> ControlPlane.start(same)).hasMessageContaining("in use");
    }
  }

  private static ApiClient operator(ControlPlane controlPlane, String token) {
    return new ApiClient(controlPlane.port(), token);
  }

  private static List<Object> keys(ControlPlane controlPlane, FirstTokens tokens) {
    JsonObject keys = operator(controlPlane, tokens.operatorToken()).get("/v1/signing-keys").json();
    return keys.getJsonArray("items").stream().toList();
  }
}

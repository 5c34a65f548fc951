package dev.gatehouse.deploy.console;

import dev.gatehouse.contract.tenant.Hostname;
import dev.gatehouse.gateway.Gateway;
import dev.gatehouse.gateway.GatewayConfig;
import dev.gatehouse.gateway.GatewayConfig.AdminConfig;
import dev.gatehouse.gateway.GatewayConfig.ListenConfig;
import dev.gatehouse.gateway.directory.FeedConfig;
import java.net.URI;
import java.util.Optional;

/** A gateway of the platform of the tests, in this JVM. */
final class RunningGateway {
  private RunningGateway() {}

  static void start(String name, String controlPlane, String token) {
    GatewayConfig defaults =
        GatewayConfig.of(
            new Hostname(Platform.BASE_DOMAIN), new FeedConfig(URI.create(controlPlane), token));
    Gateway started =
        Gateway.start(
            defaults
                .copy()
                .name(Optional.of(name))
                .http(new ListenConfig("127.0.0.1", 0))
                .admin(new AdminConfig("127.0.0.1", 0))
                .eventLoops(Optional.of(1))
                .build());
    Runtime.getRuntime().addShutdownHook(new Thread(started::close));
  }
}

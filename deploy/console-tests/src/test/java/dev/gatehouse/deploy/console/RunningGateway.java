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
            new GatewayConfig(
                Optional.of(name),
                new ListenConfig("127.0.0.1", 0),
                defaults.https(),
                new AdminConfig("127.0.0.1", 0),
                defaults.baseDomain(),
                defaults.feed(),
                defaults.redis(),
                defaults.snapshot(),
                defaults.resolve(),
                Optional.of(1),
                defaults.transport(),
                defaults.admit(),
                defaults.authenticate(),
                defaults.limit(),
                defaults.sign(),
                defaults.forward(),
                defaults.drain(),
                defaults.upstream(),
                defaults.observe(),
                defaults.security()));
    Runtime.getRuntime().addShutdownHook(new Thread(started::close));
  }
}

package dev.gatehouse.gateway;

import dev.gatehouse.gateway.GatewayConfig.TlsConfig;
import dev.gatehouse.gateway.admit.Admission;
import dev.gatehouse.gateway.authenticate.Authenticator;
import dev.gatehouse.gateway.directory.LiveDirectory;
import dev.gatehouse.gateway.exfiltration.ExfiltrationGuard;
import dev.gatehouse.gateway.limit.LimitStage;
import dev.gatehouse.gateway.residency.Entrance;
import dev.gatehouse.gateway.resolve.TenantResolver;
import dev.gatehouse.gateway.route.Router;
import dev.gatehouse.gateway.sign.SigningStage;
import java.time.InstantSource;

/**
 * The stages that decide about a request before it is sent. Shared by all event loops, and by
 * whoever explains a request: what is explained is decided by these very objects.
 */
public record Stages(
    Admission admission,
    TenantResolver resolver,
    Authenticator authenticator,
    LimitStage limits,
    Router router,
    SigningStage signing) {

  static Stages of(
      GatewayConfig config,
      LiveDirectory directory,
      Entrance entrance,
      Authenticator authenticator,
      ExfiltrationGuard exfiltration) {
    InstantSource clock = InstantSource.system();
    return new Stages(
        new Admission(config.admit()),
        new TenantResolver(
            config.resolve(),
            config.baseDomain(),
            config.https().flatMap(TlsConfig::redirect),
            directory,
            entrance),
        authenticator,
        new LimitStage(config.admit().maxBodyBytes(), exfiltration, clock),
        new Router(),
        new SigningStage(config.sign(), clock));
  }
}

package dev.gatehouse.controlplane;

import dev.gatehouse.contract.net.AddressRange;
import dev.gatehouse.controlplane.api.RateLimitConfig;
import java.util.List;

/** A control plane with rates of its own, on a database of its own. */
public final class LimitedControlPlane implements AutoCloseable {
  private final ControlPlane controlPlane;

  private LimitedControlPlane(ControlPlane controlPlane) {
    this.controlPlane = controlPlane;
  }

  public static LimitedControlPlane start(RateLimitConfig rates) {
    return start(rates, List.of());
  }

  /** One behind proxies. */
  public static LimitedControlPlane start(
      RateLimitConfig rates, List<AddressRange> trustedProxies) {
    ControlPlaneConfig like = RunningControlPlane.config(MigratedDatabase.freshUrl());
    return new LimitedControlPlane(
        ControlPlane.start(
            new ControlPlaneConfig(
                new ControlPlaneConfig.Http(like.http().host(), 0, trustedProxies),
                like.database(),
                like.baseDomain(),
                like.masterKey(),
                like.bootstrap(),
                rates,
                like.domains())));
  }

  /** A client with the first operator's token. */
  public ApiClient operator() {
    return with(controlPlane.firstTokens().orElseThrow().operatorToken());
  }

  /** A client with a token of its own. */
  public ApiClient with(String token) {
    return new ApiClient(controlPlane.port(), token);
  }

  @Override
  public void close() {
    controlPlane.close();
  }
}

package dev.gatehouse.controlplane;

import dev.gatehouse.controlplane.domain.DomainConfig;
import dev.gatehouse.controlplane.keyset.KeysetConfig;
import java.util.List;

/** Control planes of tests that need one of their own, on a database that they know. */
public final class OneControlPlane {
  public static final String MASTER_KEY = RunningControlPlane.MASTER_KEY;

  private OneControlPlane() {}

  /** Starts one. */
  public static ControlPlane start(String databaseUrl) {
    return ControlPlane.start(RunningControlPlane.config(databaseUrl));
  }

  /** Starts one whose tenants' keys change at other times. */
  public static ControlPlane start(String databaseUrl, KeysetConfig keysets) {
    return ControlPlane.start(RunningControlPlane.config(databaseUrl).withKeysets(keysets));
  }

  /** Starts one that may call services on this machine. */
  public static ControlPlane startBesideServices(String databaseUrl, KeysetConfig keysets) {
    return ControlPlane.start(besideServices(databaseUrl, keysets));
  }

  static ControlPlaneConfig besideServices(String databaseUrl, KeysetConfig keysets) {
    ControlPlaneConfig config = RunningControlPlane.config(databaseUrl);
    return new ControlPlaneConfig(
            config.http(),
            config.database(),
            config.baseDomain(),
            config.masterKey(),
            config.bootstrap(),
            config.rates(),
            domainsBesideServices())
        .withKeysets(keysets);
  }

  /** Where such services may be. */
  public static DomainConfig domainsBesideServices() {
    DomainConfig domains = RunningControlPlane.domains(RunningControlPlane.DNS);
    return new DomainConfig(
        domains.dnsServer(),
        domains.reservedHosts(),
        domains.target(),
        domains.addresses(),
        domains.challengePort(),
        List.of("127.0.0.0/8"),
        domains.maxUnproved(),
        domains.checkPause(),
        domains.recheckEvery(),
        domains.grace(),
        domains.keepOldSubdomain());
  }

  /** Starts one that does not own its tables. */
  public static ControlPlane start(ControlPlaneConfig.DatabaseConfig database) {
    ControlPlaneConfig config = RunningControlPlane.config(database.url());
    return ControlPlane.start(
        new ControlPlaneConfig(
            config.http(),
            database,
            config.baseDomain(),
            config.masterKey(),
            config.bootstrap(),
            config.rates(),
            config.domains()));
  }

  /** A client with the token of its first start. */
  public static ApiClient operator(ControlPlane controlPlane) {
    return client(controlPlane, controlPlane.firstTokens().orElseThrow().operatorToken());
  }

  /** A client with a token. */
  public static ApiClient client(ControlPlane controlPlane, String token) {
    return new ApiClient(controlPlane.port(), token);
  }
}

package dev.gatehouse.controlplane;

import dev.gatehouse.backends.TestBackends;
import dev.gatehouse.controlplane.dns.TestDnsServer;
import dev.gatehouse.controlplane.domain.DomainConfig;
import java.util.Base64;
import java.util.Optional;

/** One control plane for all tests of the JVM, on a database of its own. */
public final class RunningControlPlane {
  public static final String BASE_DOMAIN = "gatehouse.test";

  static final String MASTER_KEY = Base64.getEncoder().encodeToString(new byte[32]);

  /** What the control plane takes for the DNS. */
  public static final TestDnsServer DNS = TestDnsServer.start();

  private static final ControlPlane INSTANCE =
      ControlPlane.start(config(TestBackends.freshDatabaseUrl()));

  private static final String OPERATOR = INSTANCE.firstTokens().orElseThrow().operatorToken();

  static {
    Runtime.getRuntime().addShutdownHook(new Thread(INSTANCE::close));
  }

  private RunningControlPlane() {}

  static ControlPlaneConfig config(String databaseUrl) {
    return config(databaseUrl, Optional.empty());
  }

  /** One on this database. */
  public static ControlPlane start(String databaseUrl) {
    return ControlPlane.start(config(databaseUrl));
  }

  /** One with a database of its own. */
  public static ControlPlane start(DomainConfig domains) {
    ControlPlaneConfig config = config(TestBackends.freshDatabaseUrl());
    return ControlPlane.start(
        new ControlPlaneConfig(
            config.http(),
            config.database(),
            config.baseDomain(),
            config.masterKey(),
            config.bootstrap(),
            domains));
  }

  /** The operator of a control plane that was just started. */
  public static ApiClient operatorOf(ControlPlane controlPlane) {
    return new ApiClient(
        controlPlane.port(), controlPlane.firstTokens().orElseThrow().operatorToken());
  }

  static ControlPlaneConfig config(
      String databaseUrl, Optional<ControlPlaneConfig.Bootstrap> bootstrap) {
    return new ControlPlaneConfig(
        new ControlPlaneConfig.Http("127.0.0.1", 0),
        new ControlPlaneConfig.DatabaseConfig(databaseUrl, 10),
        BASE_DOMAIN,
        MASTER_KEY,
        bootstrap,
        domains(DNS));
  }

  private static DomainConfig domains(TestDnsServer dns) {
    DomainConfig defaults = DomainConfig.DEFAULT;
    return new DomainConfig(
        Optional.of(dns.address()),
        defaults.reservedHosts(),
        defaults.target(),
        defaults.addresses(),
        defaults.challengePort(),
        defaults.allowedRanges(),
        defaults.maxUnproved(),
        defaults.checkPause(),
        defaults.recheckEvery(),
        defaults.grace(),
        defaults.keepOldSubdomain());
  }

  /** A client with the operator's token. */
  public static ApiClient operator() {
    return new ApiClient(INSTANCE.port(), OPERATOR);
  }

  /** A client with a token of its own. */
  public static ApiClient withToken(String token) {
    return new ApiClient(INSTANCE.port(), token);
  }

  public static String gatewayToken() {
    return INSTANCE.firstTokens().orElseThrow().gatewayToken();
  }
}

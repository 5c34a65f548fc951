package dev.gatehouse.controlplane;

import dev.gatehouse.controlplane.api.RateLimitConfig;
import dev.gatehouse.controlplane.database.DatabaseUrl;
import dev.gatehouse.controlplane.dns.TestDnsServer;
import dev.gatehouse.controlplane.domain.DomainConfig;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Base64;
import java.util.Optional;

/** One control plane for all tests of the JVM, on a database of its own. */
public final class RunningControlPlane {
  public static final String BASE_DOMAIN = "gatehouse.test";

  static final String MASTER_KEY = Base64.getEncoder().encodeToString(new byte[32]);

  /** What the control plane takes for the DNS. */
  public static final TestDnsServer DNS = TestDnsServer.start();

  /** All tests come from one address, and many show wrong tokens. */
  private static final RateLimitConfig UNLIMITED =
      new RateLimitConfig(1_000_000, 1_000_000, 1_000_000, 1_000_000, 1_000_000);

  /** Started when it is first asked for. */
  private static final class Shared {
    static final String DATABASE_URL = MigratedDatabase.freshUrl();

    static final ControlPlane INSTANCE = ControlPlane.start(config(DATABASE_URL));

    static final String OPERATOR = INSTANCE.firstTokens().orElseThrow().operatorToken();

    static {
      Runtime.getRuntime().addShutdownHook(new Thread(INSTANCE::close));
    }
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
    ControlPlaneConfig config = config(MigratedDatabase.freshUrl());
    return ControlPlane.start(
        new ControlPlaneConfig(
            config.http(),
            config.database(),
            config.baseDomain(),
            config.masterKey(),
            config.bootstrap(),
            config.rates(),
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
        UNLIMITED,
        domains(DNS));
  }

  static DomainConfig domains(TestDnsServer dns) {
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
    return new ApiClient(Shared.INSTANCE.port(), Shared.OPERATOR);
  }

  /** A client with a token of its own. */
  public static ApiClient withToken(String token) {
    return new ApiClient(Shared.INSTANCE.port(), token);
  }

  /** Changes what no client can, such as the time at which something expires. */
  public static void sql(String statement) {
    DatabaseUrl url = DatabaseUrl.parse(Shared.DATABASE_URL);
    String jdbc = "jdbc:postgresql://%s:%d/%s".formatted(url.host(), url.port(), url.database());
    try (Connection connection = DriverManager.getConnection(jdbc, url.user(), url.password());
        Statement once = connection.createStatement()) {
      once.execute(statement);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Where the one that all tests share listens. */
  public static int port() {
    return Shared.INSTANCE.port();
  }

  public static String gatewayToken() {
    return Shared.INSTANCE.firstTokens().orElseThrow().gatewayToken();
  }
}

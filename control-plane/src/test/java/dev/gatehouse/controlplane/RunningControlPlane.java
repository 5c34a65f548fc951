package dev.gatehouse.controlplane;

import dev.gatehouse.backends.TestBackends;
import java.util.Base64;
import java.util.Optional;

/** One control plane for all tests of the JVM, on a database of its own. */
public final class RunningControlPlane {
  public static final String BASE_DOMAIN = "gatehouse.test";

  static final String MASTER_KEY = Base64.getEncoder().encodeToString(new byte[32]);

  /** Started when it is first asked for. */
  private static final class Shared {
    static final ControlPlane INSTANCE =
        ControlPlane.start(config(TestBackends.freshDatabaseUrl()));

    static final String OPERATOR = INSTANCE.firstTokens().orElseThrow().operatorToken();

    static {
      Runtime.getRuntime().addShutdownHook(new Thread(INSTANCE::close));
    }
  }

  private RunningControlPlane() {}

  static ControlPlaneConfig config(String databaseUrl) {
    return config(databaseUrl, Optional.empty());
  }

  static ControlPlaneConfig config(
      String databaseUrl, Optional<ControlPlaneConfig.Bootstrap> bootstrap) {
    return new ControlPlaneConfig(
        new ControlPlaneConfig.Http("127.0.0.1", 0),
        new ControlPlaneConfig.DatabaseConfig(databaseUrl, 10),
        BASE_DOMAIN,
        MASTER_KEY,
        bootstrap);
  }

  /** A client with the operator's token. */
  public static ApiClient operator() {
    return new ApiClient(Shared.INSTANCE.port(), Shared.OPERATOR);
  }

  /** A client with a token of its own. */
  public static ApiClient withToken(String token) {
    return new ApiClient(Shared.INSTANCE.port(), token);
  }

  public static String gatewayToken() {
    return Shared.INSTANCE.firstTokens().orElseThrow().gatewayToken();
  }
}

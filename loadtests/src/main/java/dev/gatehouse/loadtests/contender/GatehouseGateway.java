package dev.gatehouse.loadtests.contender;

import java.io.IOException;

/**
 * Our gateway with every stage on: tenant by host, API key, rate limit shared through Redis, signed
 * context, metrics. The access log is off, as with the others.
 */
public final class GatehouseGateway implements Contender {
  /** Its name in tables and JSON. */
  public static final String NAME = "gatehouse";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public boolean isInstalled() {
    return true;
  }

  @Override
  public RunningContender start(Stage stage) throws IOException, InterruptedException {
    GatewayProcess gateway = started(stage, "");
    return new RunningContender(NAME, gateway.process(), gateway.port());
  }

  /**
   * One that has all tenants.
   *
   * @param observe more of the section {@code observe} of its configuration file, which is the last
   */
  static GatewayProcess started(Stage stage, String observe)
      throws IOException, InterruptedException {
    GatewayProcess gateway = GatewayProcess.start(stage, Stage.JVM_OPTIONS, observe);
    try {
      gateway.awaitReady();
    } catch (IOException e) {
      gateway.close();
      throw e;
    }
    return gateway;
  }
}

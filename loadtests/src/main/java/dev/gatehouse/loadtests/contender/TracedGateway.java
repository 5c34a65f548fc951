package dev.gatehouse.loadtests.contender;

import java.io.IOException;

/** {@link GatehouseGateway} with a collector beside it, to which some requests go as spans. */
final class TracedGateway implements Contender {
  private final String name;
  private final double ratio;

  /**
   * @param ratio of all requests; the gateway's own default is 0.01
   */
  TracedGateway(String name, double ratio) {
    this.name = name;
    this.ratio = ratio;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public boolean isInstalled() {
    return true;
  }

  @Override
  public RunningContender start(Stage stage) throws IOException, InterruptedException {
    Collector collector = Collector.start();
    try {
      GatewayProcess gateway =
          GatehouseGateway.started(
              stage.inFolder(name),
              """
                otlp:
                  endpoint: %s
                tracing:
                  ratio: %s
              """
                  .formatted(collector.url(), ratio));
      return new RunningContender(name, gateway.process(), gateway.port(), collector::close);
    } catch (IOException e) {
      collector.close();
      throw e;
    }
  }
}

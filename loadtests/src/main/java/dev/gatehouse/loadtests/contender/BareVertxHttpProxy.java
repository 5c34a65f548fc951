package dev.gatehouse.loadtests.contender;

import dev.gatehouse.loadtests.process.Child;
import dev.gatehouse.loadtests.process.Programs;
import java.io.IOException;

/**
 * vertx-http-proxy with nothing around it: no tenancy at all. What ours costs more than this is the
 * price of everything that Gatehouse does.
 */
public final class BareVertxHttpProxy implements Contender {
  /** Its name in tables and JSON. */
  public static final String NAME = "vertx-http-proxy";

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
    int port = Child.freePort();
    return stage.run(
        NAME,
        Programs.java(
            Stage.JVM_OPTIONS,
            BareVertxHttpProxyMain.class.getName(),
            Integer.toString(port),
            Integer.toString(stage.upstreamPort())),
        port);
  }
}

package dev.gatehouse.loadtests.contender;

import java.io.IOException;

/** A proxy that can be put between load generator and upstream. */
public interface Contender {

  /** Its name in tables and JSON. */
  String name();

  /** Whether it is installed here. */
  boolean isInstalled();

  /**
   * Starts it on the core of the proxies, with one event loop or worker.
   *
   * @throws IOException if it does not come up; the message holds the end of its log
   */
  RunningContender start(Stage stage) throws IOException, InterruptedException;
}

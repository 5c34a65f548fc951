package dev.gatehouse.deploy.cli;

import ch.qos.logback.classic.LoggerContext;
import java.util.concurrent.CountDownLatch;
import org.slf4j.LoggerFactory;

/**
 * Keeps a server running until the process is told to stop (SIGTERM, SIGINT), then closes it. Exits
 * with 0 if it was closed cleanly, which a JVM that is told to stop does not do by itself.
 */
final class UntilStopped {
  private UntilStopped() {}

  /** Blocks until then, and does not return. */
  static void serve(AutoCloseable server) throws InterruptedException {
    try {
      Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(() -> stop(server)));
    } catch (IllegalStateException _) {
      stop(server); // It was told while it was starting.
    }
    new CountDownLatch(1).await();
  }

  private static void stop(AutoCloseable server) {
    int status = 0;
    try {
      server.close();
    } catch (Exception e) {
      System.err.println("It did not stop cleanly: " + e.getMessage());
      status = 1;
    }
    // Not before: what the server does while it stops is logged, too.
    if (LoggerFactory.getILoggerFactory() instanceof LoggerContext logging) {
      logging.stop();
    }
    Runtime.getRuntime().halt(status);
  }
}

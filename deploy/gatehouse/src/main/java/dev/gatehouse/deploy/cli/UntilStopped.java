package dev.gatehouse.deploy.cli;

import java.util.concurrent.CountDownLatch;

/** Keeps a server running until the process is told to stop (SIGTERM, SIGINT), then closes it. */
final class UntilStopped {
  private UntilStopped() {}

  /** Blocks until then. The process ends after the server has been closed. */
  static void serve(AutoCloseable server) throws InterruptedException {
    CountDownLatch stopped = new CountDownLatch(1);
    Runtime.getRuntime()
        .addShutdownHook(
            Thread.ofPlatform()
                .unstarted(() -> {
                  try {
                    server.close();
                  } catch (Exception e) {
                    System.err.println("It did not stop cleanly: " + e.getMessage());
                  } finally {
                    stopped.countDown();
                  }
                }));
    stopped.await();
  }
}

package dev.gatehouse.loadtests.contender;

import dev.gatehouse.loadtests.process.Child;

/**
 * A proxy that serves.
 *
 * @param port on loopback, cleartext HTTP/1.1
 * @param afterwards ends what it needed
 */
public record RunningContender(String name, Child process, int port, Runnable afterwards)
    implements AutoCloseable {
  /** One that needed nothing else. */
  public RunningContender(String name, Child process, int port) {
    this(name, process, port, () -> {});
  }

  @Override
  public void close() {
    process.close();
    afterwards.run();
  }
}

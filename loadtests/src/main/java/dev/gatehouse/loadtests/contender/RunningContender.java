package dev.gatehouse.loadtests.contender;

import dev.gatehouse.loadtests.process.Child;

/**
 * A proxy that serves.
 *
 * @param port on loopback, cleartext HTTP/1.1
 */
public record RunningContender(String name, Child process, int port) implements AutoCloseable {

  @Override
  public void close() {
    process.close();
  }
}

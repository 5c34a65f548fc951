package dev.gatehouse.loadtests.latency;

import dev.gatehouse.loadtests.contender.RunningContender;
import dev.gatehouse.loadtests.process.Child;

/** The upstream itself, as if it were a proxy. */
final class Direct {
  /** Its name in tables and JSON. */
  static final String NAME = "direct";

  private Direct() {}

  static RunningContender of(Child upstream, int port) {
    return new RunningContender(NAME, upstream, port);
  }
}

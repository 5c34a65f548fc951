package dev.gatehouse.deploy.cli;

import dev.gatehouse.deploy.api.RunningDemo;
import java.io.IOException;
import java.net.URI;

/** The admin port that is meant where none is named. */
final class AdminPort {
  /** Where it is on a gateway that is configured no other way. */
  static final String USUAL = "http://127.0.0.1:9901";

  private AdminPort() {}

  /**
   * That of the demo of this directory, else the usual one.
   *
   * @throws IOException if what the demo says of itself cannot be read
   */
  static URI ofDemoOrUsual() throws IOException {
    return RunningDemo.find()
        .map(demo -> URI.create(demo.path("gatewayAdminUrl").asText()))
        .orElse(URI.create(USUAL));
  }
}

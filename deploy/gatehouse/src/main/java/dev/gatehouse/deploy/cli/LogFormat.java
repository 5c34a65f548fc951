package dev.gatehouse.deploy.cli;

import java.io.Console;
import java.util.Arrays;
import java.util.Optional;

/**
 * How the process logs: for people where a terminal reads it, else as JSON lines. {@code
 * -Dlogback.configurationFile} overrules this.
 */
final class LogFormat {
  private static final String PROPERTY = "logback.configurationFile";

  private LogFormat() {}

  /** Must be called before the first logger is made. */
  static void choose(String[] arguments) {
    if (System.getProperty(PROPERTY) == null) {
      boolean forPeople =
          Arrays.asList(arguments).contains("demo")
              || Optional.ofNullable(System.console()).map(Console::isTerminal).orElse(false);
      System.setProperty(
          PROPERTY,
          "dev/gatehouse/deploy/" + (forPeople ? "logback-console.xml" : "logback-json.xml"));
    }
  }
}

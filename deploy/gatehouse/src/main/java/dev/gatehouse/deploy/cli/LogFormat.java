package dev.gatehouse.deploy.cli;

import java.io.Console;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How the process logs: as {@value #VARIABLE} says, {@code json} or {@code text}, else for people
 * where a terminal reads it and as JSON lines where none does. {@code -Dlogback.configurationFile}
 * overrules this.
 */
final class LogFormat {
  static final String VARIABLE = "GATEHOUSE_LOG_FORMAT";

  private static final String PROPERTY = "logback.configurationFile";

  private LogFormat() {}

  /** Must be called before the first logger is made. */
  static void choose(String[] arguments) {
    if (System.getProperty(PROPERTY) == null) {
      System.setProperty(PROPERTY, configuration(arguments, System.getenv(VARIABLE)));
    }
  }

  /**
   * The resource that configures the log.
   *
   * @param wanted what the variable says; null if it is not set
   */
  static String configuration(String[] arguments, @Nullable String wanted) {
    boolean forPeople =
        switch (wanted) {
          case "json" -> false;
          case "text" -> true;
          case null, default ->
              Arrays.asList(arguments).contains("demo")
                  || Optional.ofNullable(System.console()).map(Console::isTerminal).orElse(false);
        };
    return "dev/gatehouse/deploy/" + (forPeople ? "logback-console.xml" : "logback-json.xml");
  }
}

package dev.gatehouse.loadtests.process;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** Finds programs of the system, and makes the command that runs one of our own. */
public final class Programs {
  private static final String SEARCHED_TOO = ":/usr/sbin:/usr/local/sbin:/sbin";

  private Programs() {}

  /** The program of this name on the {@code PATH} or where servers are installed. */
  public static Optional<Path> find(String name) {
    String path = System.getenv().getOrDefault("PATH", "/usr/bin") + SEARCHED_TOO;
    for (String folder : path.split(File.pathSeparator, -1)) {
      Path program = Path.of(folder, name);
      if (!folder.isEmpty() && Files.isExecutable(program)) {
        return Optional.of(program);
      }
    }
    return Optional.empty();
  }

  /**
   * The start script of the distribution, with its own JVM options and more.
   *
   * @param jvmOptions for example {@code -Xmx512m}
   */
  public static List<String> gatehouse(List<String> jvmOptions, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add("env");
    command.add("JAVA_HOME=" + System.getProperty("java.home"));
    command.add("JAVA_OPTS=" + String.join(" ", jvmOptions));
    command.add(System.getProperty("gatehouse.program", "gatehouse"));
    Collections.addAll(command, arguments);
    return List.copyOf(command);
  }

  /**
   * A main class of this module's class path, in a JVM of its own.
   *
   * @param jvmOptions for example {@code -Xmx512m}
   */
  public static List<String> java(List<String> jvmOptions, String mainClass, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(jvmOptions);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), mainClass));
    Collections.addAll(command, arguments);
    return List.copyOf(command);
  }
}

package dev.gatehouse.backends;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import java.util.List;

/**
 * Why a child server could not be started. The message is one sentence that a user can act on; no
 * stack trace is needed to understand it.
 */
public abstract sealed class BackendException extends RuntimeException {
  private static final String NO_SPACE = "No space left on device";
  private static final String NO_QUOTA = "Disk quota exceeded";

  private BackendException(String message) {
    super(message);
  }

  private BackendException(String message, Throwable cause) {
    super(message, cause);
  }

  /** Another program listens on the port that was asked for. */
  public static final class PortInUse extends BackendException {
    PortInUse(String program, int port) {
      super(
          "Port %d, which %s should listen on, is in use by another program: stop it or choose another port."
              .formatted(port, program));
    }
  }

  /** The file system is full. */
  public static final class NoSpace extends BackendException {
    NoSpace(Path directory) {
      super(
          "There is no disk space left for %s: free some or choose another directory."
              .formatted(directory));
    }
  }

  /** There is no server program for this operating system or processor. */
  public static final class UnsupportedPlatform extends BackendException {
    UnsupportedPlatform(String found) {
      super(
          "The embedded PostgreSQL and Redis are there for Linux on x86-64, but this is %s: use external servers instead."
              .formatted(found));
    }
  }

  /** Another process uses the directory. */
  public static final class DirectoryInUse extends BackendException {
    DirectoryInUse(Path directory) {
      super(
          "The directory %s is in use by another running process: stop that one or choose another directory."
              .formatted(directory));
    }
  }

  /** The directory cannot be used by the account that the servers run under. */
  public static final class DirectoryNotUsable extends BackendException {
    DirectoryNotUsable(Path directory, String reason) {
      super("The directory %s cannot be used: %s.".formatted(directory, reason));
    }
  }

  /** A program of the operating system is not installed. */
  public static final class ProgramMissing extends BackendException {
    ProgramMissing(String program, String installation) {
      super("The program %s was not found: %s.".formatted(program, installation));
    }
  }

  /** Anything else; the message ends with what the server itself said last. */
  public static final class StartFailed extends BackendException {
    StartFailed(String program, String reason) {
      super("%s did not start: %s".formatted(program, reason));
    }

    StartFailed(String program, Throwable cause) {
      super("%s did not start: %s".formatted(program, cause), cause);
    }
  }

  /**
   * Tells what a failed server meant by its last words.
   *
   * @param port the port it should listen on
   * @param output the last lines it printed, oldest first
   */
  static BackendException fromOutput(
      String program, Path directory, int port, List<String> output) {
    for (String line : output) {
      if (line.contains(NO_SPACE) || line.contains(NO_QUOTA)) {
        return new NoSpace(directory);
      }
      if (line.contains("Address already in use") || line.contains("Failed listening on port")) {
        return new PortInUse(program, port);
      }
    }
    return new StartFailed(
        program, output.isEmpty() ? "it ended without a word" : output.getLast().strip());
  }

  /**
   * Tells what an I/O error in a directory meant.
   *
   * @param program whose files it was about
   */
  public static BackendException fromIo(String program, Path directory, IOException cause) {
    String message = String.valueOf(cause.getMessage());
    if (message.contains(NO_SPACE) || message.contains(NO_QUOTA)) {
      return new NoSpace(directory);
    }
    if (cause instanceof AccessDeniedException) {
      return new DirectoryNotUsable(directory, "access to " + message + " is denied");
    }
    return new StartFailed(program, cause);
  }
}

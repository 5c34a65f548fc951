package dev.gatehouse.deploy.api;

import java.io.Console;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Shows people how far something is: on a terminal a bar that is drawn over itself, elsewhere a
 * line now and then. Any thread.
 */
final class ProgressDisplay {
  private static final long LINE_EVERY_NANOS = 5_000_000_000L;
  private static final long BAR_EVERY_NANOS = 100_000_000L;
  private static final int BAR = 30;
  private static final int MAX_WORDS = 60;
  private static final Path STANDARD_ERROR = Path.of("/proc/self/fd/2");

  private final PrintWriter err;
  private final boolean terminal;
  private final LongSupplier nanos;
  private Optional<Progress> waiting = Optional.empty();
  private boolean shownBefore;
  private boolean barStands;
  private boolean closed;
  private long shownAt;

  /** On standard error. */
  ProgressDisplay(PrintWriter err) {
    this(err, isTerminal(), System::nanoTime);
  }

  /**
   * @param terminal whether what is written can be taken back
   * @param nanos the time
   */
  ProgressDisplay(PrintWriter err, boolean terminal, LongSupplier nanos) {
    this.err = err;
    this.terminal = terminal;
    this.nanos = nanos;
  }

  /** Shows it, unless something was shown a moment ago. */
  synchronized void show(Progress progress) {
    if (closed) {
      return;
    }
    long now = nanos.getAsLong();
    if (shownBefore && now - shownAt < (terminal ? BAR_EVERY_NANOS : LINE_EVERY_NANOS)) {
      waiting = Optional.of(progress);
      return;
    }
    print(progress);
    shownBefore = true;
    shownAt = now;
  }

  /** Shows what was held back, and lets it stand. */
  synchronized void end() {
    waiting.ifPresent(this::print);
    if (barStands) {
      err.println();
      err.flush();
    }
    barStands = false;
    shownBefore = false;
  }

  /** The same, and shows nothing from then on. */
  synchronized void close() {
    end();
    closed = true;
  }

  private void print(Progress progress) {
    waiting = Optional.empty();
    // What a step failed with comes from elsewhere and must not move the cursor.
    String words = progress.words().replaceAll("\\p{Cntrl}", "�");
    if (!terminal) {
      err.println(words);
      return;
    }
    String shown = words.length() <= MAX_WORDS ? words : words.substring(0, MAX_WORDS - 1) + "…";
    err.print("\r\u001b[K" + (progress.of() == 0 ? "" : bar(progress.percent())) + shown);
    err.flush();
    barStands = true;
  }

  private static String bar(int percent) {
    int full = BAR * percent / 100;
    return "[%s%s] %3d %%  ".formatted("#".repeat(full), ".".repeat(BAR - full), percent);
  }

  private static boolean isTerminal() {
    try {
      if (Files.exists(STANDARD_ERROR)) {
        return STANDARD_ERROR.toRealPath().toString().matches("/dev/(pts/|tty).*");
      }
    } catch (IOException _) {
      // It has no path: a pipe.
      return false;
    }
    return Optional.ofNullable(System.console()).filter(Console::isTerminal).isPresent();
  }
}

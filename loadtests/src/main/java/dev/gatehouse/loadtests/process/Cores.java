package dev.gatehouse.loadtests.process;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Which core does what: one for the proxy that is measured, another for the load generator and the
 * upstream, so that neither takes from the other. Without {@code taskset}, or with one core only,
 * the kernel decides.
 */
public final class Cores {
  private static final int LOAD = 0;
  private static final int PROXY = 1;

  private final boolean pins;

  private Cores(boolean pins) {
    this.pins = pins;
  }

  /** What this machine allows. */
  public static Cores ofThisMachine() {
    return new Cores(
        Runtime.getRuntime().availableProcessors() > PROXY && Programs.find("taskset").isPresent());
  }

  /** Leaves it to the kernel. */
  public static Cores unpinned() {
    return new Cores(false);
  }

  /** Whether processes are pinned at all. */
  public boolean pins() {
    return pins;
  }

  /** A command that runs on the core of the proxies. */
  public List<String> forProxy(List<String> command) {
    return on(PROXY, command);
  }

  /** A command that runs on the core of the load. */
  public List<String> forLoad(List<String> command) {
    return on(LOAD, command);
  }

  /**
   * Moves all threads of this process to the core of the load.
   *
   * @throws IOException if {@code taskset} cannot be run
   */
  public void pinThisProcess() throws IOException, InterruptedException {
    if (pins) {
      String pid = Long.toString(ProcessHandle.current().pid());
      new ProcessBuilder("taskset", "-a", "-c", "-p", Integer.toString(LOAD), pid)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .start()
          .waitFor();
    }
  }

  private List<String> on(int core, List<String> command) {
    if (!pins) {
      return command;
    }
    List<String> pinned = new ArrayList<>(List.of("taskset", "-c", Integer.toString(core)));
    pinned.addAll(command);
    return List.copyOf(pinned);
  }
}

package dev.gatehouse.loadtests.contender;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Several contenders that run beside each other on one stage.
 *
 * @param running in the order in which they were started
 */
public record Contenders(List<RunningContender> running) implements AutoCloseable {
  private static final List<Contender> ALL =
      List.of(new GatehouseGateway(), new BareVertxHttpProxy(), new Nginx(), new Haproxy());

  /** Those that are compared with our own gateway, and not with others. */
  private static final List<Contender> VARIANTS =
      List.of(
          new TracedGateway("gatehouse-sampled", 0.01), new TracedGateway("gatehouse-traced", 1));

  /** The names of those that are compared where nothing else is wanted. */
  public static List<String> names() {
    return ALL.stream().map(Contender::name).toList();
  }

  /**
   * Starts those that are wanted and installed.
   *
   * @param progress takes a word for each
   * @throws IOException if one does not come up
   */
  public static Contenders start(Stage stage, Collection<String> wanted, Consumer<String> progress)
      throws IOException, InterruptedException {
    Contenders started = new Contenders(new ArrayList<>());
    try {
      for (Contender contender : Stream.concat(ALL.stream(), VARIANTS.stream()).toList()) {
        if (!wanted.contains(contender.name())) {
          continue;
        }
        if (contender.isInstalled()) {
          progress.accept("starting " + contender.name());
          started.running.add(contender.start(stage));
        } else {
          progress.accept(contender.name() + " is not installed: skipped");
        }
      }
    } catch (IOException e) {
      started.close();
      throw e;
    }
    return started;
  }

  @Override
  public void close() {
    running.forEach(RunningContender::close);
  }
}

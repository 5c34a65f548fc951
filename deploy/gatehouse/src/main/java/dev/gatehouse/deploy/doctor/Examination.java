package dev.gatehouse.deploy.doctor;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;

/** Performs checks, at once where it can; none keeps another from being performed. */
final class Examination {
  /** How long one check may take. */
  static final Duration PATIENCE = Duration.ofSeconds(5);

  private final Duration patience;

  Examination(Duration patience) {
    this.patience = patience;
  }

  /** Everything that was found, in the order of the groups and of their checks. */
  List<Examined> of(List<Group> groups) throws InterruptedException {
    ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    try {
      List<Future<List<Examined>>> running =
          groups.stream().map(group -> threads.submit(() -> examine(group, threads))).toList();
      List<Examined> all = new ArrayList<>();
      for (Future<List<Examined>> one : running) {
        all.addAll(one.get());
      }
      return all;
    } catch (ExecutionException e) {
      throw new IllegalStateException("a check's fault is a finding", e);
    } finally {
      // Does not wait for one that cannot be interrupted.
      threads.shutdownNow();
    }
  }

  private List<Examined> examine(Group group, ExecutorService threads) throws InterruptedException {
    List<Examined> found = perform(group, group.gate(), threads);
    if (found.stream().noneMatch(one -> one.finding().grade() == Grade.FAILED)) {
      found.addAll(perform(group, group.others(), threads));
    } else if (!group.others().isEmpty()) {
      String names = group.others().stream().map(Check::name).collect(Collectors.joining(", "));
      found.add(
          new Examined(
              group.title(), "the rest", Finding.skipped("Not looked at: " + names + ".")));
    }
    return found;
  }

  private List<Examined> perform(Group group, List<Check> checks, ExecutorService threads)
      throws InterruptedException {
    List<Future<List<Finding>>> running =
        checks.stream().map(check -> threads.submit(check.look()::look)).toList();
    long deadline = System.nanoTime() + patience.toNanos();
    List<Examined> found = new ArrayList<>();
    for (int i = 0; i < checks.size(); i++) {
      String name = checks.get(i).name();
      for (Finding finding : await(running.get(i), deadline)) {
        found.add(new Examined(group.title(), name, finding));
      }
    }
    return found;
  }

  private List<Finding> await(Future<List<Finding>> running, long deadline)
      throws InterruptedException {
    try {
      return running.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
    } catch (TimeoutException _) {
      running.cancel(true);
      return List.of(
          Finding.failed(
              "No answer within " + patience.toSeconds() + " s.",
              "It hangs, or is overloaded, or a firewall swallows what is sent to it: look there"
                  + " first."));
    } catch (ExecutionException e) {
      return List.of(
          Finding.failed(
              "It could not be looked at: " + Reasons.of(e.getCause()) + ".",
              "If what is said there does not help, look into the log of this part."));
    }
  }
}

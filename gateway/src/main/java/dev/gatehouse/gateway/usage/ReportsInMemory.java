package dev.gatehouse.gateway.usage;

import dev.gatehouse.contract.usage.LostUsage;
import dev.gatehouse.contract.usage.UsageReport;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Reports that go with the process. */
final class ReportsInMemory implements PendingReports {
  private record Held(UsageReport report, long bytes) {}

  private final UsageConfig config;
  private final Deque<Held> held = new ArrayDeque<>();
  private long bytes;
  private volatile int size;

  ReportsInMemory(UsageConfig config) {
    this.config = config;
  }

  @Override
  public Optional<LostUsage> recover(Instant now) {
    return Optional.empty();
  }

  @Override
  public List<LostUsage> add(UUID run, List<UsageReport> reports, Instant writtenTo) {
    for (UsageReport report : reports) {
      Held added = new Held(report, report.encode().length);
      held.add(added);
      bytes += added.bytes;
    }
    List<LostUsage> lost = new ArrayList<>();
    Instant oldest = writtenTo.minus(config.maxAge());
    while (!held.isEmpty()
        && (bytes > config.maxBytes() || held.getFirst().report.to().isBefore(oldest))) {
      lost.add(GivenUp.forNoRoom(held.getFirst().report));
      removeFirst();
    }
    size = held.size();
    return lost;
  }

  @Override
  public Optional<UsageReport> first() {
    return Optional.ofNullable(held.peekFirst()).map(Held::report);
  }

  @Override
  public void remove(UsageReport report) {
    if (first().filter(report::equals).isPresent()) {
      removeFirst();
    }
  }

  private void removeFirst() {
    bytes -= held.removeFirst().bytes;
    size = held.size();
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public void end() {
    // Nothing is left of it in any case.
  }
}

package dev.gatehouse.gateway.usage;

import dev.gatehouse.contract.usage.LostUsage;
import dev.gatehouse.contract.usage.UsageReport;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What is told of reports that were given up. */
final class GivenUp {
  private GivenUp() {}

  /** There was no room for it; with it goes what it told of others. */
  static LostUsage forNoRoom(UsageReport report) {
    return one(report, LostUsage.Reason.NO_ROOM);
  }

  /** The control plane refused it, or it could not be read. */
  static LostUsage unreadable(UsageReport report) {
    return one(report, LostUsage.Reason.UNREADABLE);
  }

  private static LostUsage one(UsageReport report, LostUsage.Reason why) {
    LostUsage itself = new LostUsage(report.from(), report.to(), why);
    return report
        .lost()
        .map(before -> together(List.of(before, itself)).orElseThrow())
        .orElse(itself);
  }

  /** All of them as one time, from the earliest to the latest, for the reason of the first. */
  static Optional<LostUsage> together(List<LostUsage> lost) {
    if (lost.isEmpty()) {
      return Optional.empty();
    }
    Instant from = lost.stream().map(LostUsage::from).min(Instant::compareTo).orElseThrow();
    Instant to = lost.stream().map(LostUsage::to).max(Instant::compareTo).orElseThrow();
    return Optional.of(new LostUsage(from, to, lost.getFirst().why()));
  }
}

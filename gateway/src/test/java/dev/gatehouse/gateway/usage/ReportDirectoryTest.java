package dev.gatehouse.gateway.usage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.contract.usage.LatencyBuckets;
import dev.gatehouse.contract.usage.LostUsage;
import dev.gatehouse.contract.usage.RouteUsage;
import dev.gatehouse.contract.usage.UsageReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Reports are on disk until they are taken, whatever becomes of the process. */
@Timeout(60)
class ReportDirectoryTest {
  private static final Instant BEGAN = Instant.parse("2026-11-28T20:00:00Z");

  @TempDir private Path scratch;

  private final UUID run = UUID.randomUUID();

  private static UsageConfig config() {
    return UsageConfig.DEFAULT;
  }

  private ReportDirectory directory(Instant runBegan) {
    return new ReportDirectory(scratch.resolve("usage"), config(), runBegan);
  }

  private static UsageReport report(UUID run, long sequence, Instant from, int routes) {
    RouteUsage one =
        new RouteUsage(
            UUID.randomUUID(),
            Optional.of(UUID.randomUUID()),
            "orders",
            List.of(0L, 0L, sequence, 0L, 0L, 0L),
            sequence,
            0,
            0,
            0,
            0,
            0,
            0,
            LatencyBuckets.none());
    return new UsageReport(
        "edge-1",
        run,
        sequence,
        from,
        from.plusSeconds(10),
        Collections.nCopies(routes, one),
        Optional.empty());
  }

  private List<Long> drain(PendingReports pending) throws IOException {
    List<Long> sequences = new ArrayList<>();
    for (Optional<UsageReport> first = pending.first();
        first.isPresent();
        first = pending.first()) {
      sequences.add(first.get().sequence());
      pending.remove(first.get());
    }
    return sequences;
  }

  @Test
  void keepsReportsInOrderOverRunsWhateverTheClockSays() throws Exception {
    ReportDirectory first = directory(BEGAN);
    assertThat(first.recover(BEGAN)).isEmpty();
    first.add(run, List.of(report(run, 1, BEGAN, 1), report(run, 2, BEGAN, 1)), BEGAN);
    // The clock was put back.
    first.add(run, List.of(report(run, 3, BEGAN.minusSeconds(500), 1)), BEGAN.plusSeconds(10));
    first.end();

    UUID next = UUID.randomUUID();
    ReportDirectory second = directory(BEGAN.plusSeconds(60));
    assertThat(second.recover(BEGAN.plusSeconds(60))).isEmpty();
    assertThat(second.size()).isEqualTo(3);
    second.add(next, List.of(report(next, 1, BEGAN.plusSeconds(60), 1)), BEGAN.plusSeconds(70));
    assertThat(drain(second)).containsExactly(1L, 2L, 3L, 1L);
    assertThat(second.size()).isZero();
  }

  @Test
  void saysWhatARunThatWasKilledCannotHaveWrittenDown() throws Exception {
    ReportDirectory killed = directory(BEGAN);
    killed.recover(BEGAN);
    Instant written = BEGAN.plusSeconds(30);
    killed.add(run, List.of(report(run, 1, BEGAN, 1)), written);
    killed.releaseLock(); // as the end of a process does

    Instant restarted = BEGAN.plusSeconds(300);
    ReportDirectory next = directory(restarted);
    assertThat(next.recover(restarted))
        .contains(new LostUsage(written, written.plusSeconds(11), LostUsage.Reason.KILLED));
    Instant atOnce = written.plusSeconds(2);
    next.releaseLock();
    assertThat(directory(atOnce).recover(atOnce))
        .contains(new LostUsage(written, atOnce, LostUsage.Reason.KILLED));
  }

  @Test
  void givesUpTheOldestWhereThereIsNoRoomAndSaysForWhichTime() throws Exception {
    ReportDirectory pending =
        new ReportDirectory(
            scratch,
            new UsageConfig(
                Optional.of(scratch), Duration.ofSeconds(10), 1 << 20, Duration.ofHours(1)),
            BEGAN);
    pending.recover(BEGAN);
    List<LostUsage> lost = new ArrayList<>();
    for (int i = 1; i <= 10; i++) {
      Instant from = BEGAN.plusSeconds(10L * i);
      lost.addAll(pending.add(run, List.of(report(run, i, from, 500)), from.plusSeconds(10)));
    }
    assertThat(lost).isNotEmpty().allMatch(one -> one.why() == LostUsage.Reason.NO_ROOM);
    assertThat(lost.getFirst().from()).isEqualTo(BEGAN.plusSeconds(10));
    int kept = 10 - lost.size();
    assertThat(drain(pending))
        .isEqualTo(IntStream.rangeClosed(11 - kept, 10).mapToObj(Long::valueOf).toList());

    Instant later = BEGAN.plus(Duration.ofHours(2));
    pending.add(run, List.of(report(run, 11, BEGAN, 1)), BEGAN);
    assertThat(pending.add(run, List.of(report(run, 12, later, 1)), later)).hasSize(1);
    assertThat(drain(pending)).containsExactly(12L);
  }

  @Test
  void givesUpWhatCannotBeReadAndSaysSo() throws Exception {
    ReportDirectory first = directory(BEGAN);
    first.recover(BEGAN);
    first.add(run, List.of(report(run, 1, BEGAN, 1), report(run, 2, BEGAN, 1)), BEGAN);
    first.end();
    Path torn;
    try (var files = Files.list(scratch.resolve("usage"))) {
      torn = files.sorted().findFirst().orElseThrow();
    }
    Files.writeString(torn, "{\"gateway\":\"edge-1\",");

    ReportDirectory second = directory(BEGAN.plusSeconds(60));
    assertThat(second.recover(BEGAN.plusSeconds(60)))
        .hasValueSatisfying(lost -> assertThat(lost.why()).isEqualTo(LostUsage.Reason.UNREADABLE));
    assertThat(drain(second)).containsExactly(2L);
  }

  @Test
  void isForOneGatewayAtATime() throws Exception {
    ReportDirectory first = directory(BEGAN);
    first.recover(BEGAN);
    assertThatThrownBy(() -> directory(BEGAN).recover(BEGAN))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("is used by another gateway");
    first.end();
    assertThat(directory(BEGAN).recover(BEGAN)).isEmpty();
  }

  @Test
  void isForNobodyElse() throws Exception {
    directory(BEGAN).recover(BEGAN);
    assertThat(
            PosixFilePermissions.toString(Files.getPosixFilePermissions(scratch.resolve("usage"))))
        .isEqualTo("rwx------");
  }

  @Test
  void saysWhenThereIsNoSuchPlace() throws Exception {
    Path file = Files.writeString(scratch.resolve("file"), "");
    ReportDirectory nowhere = new ReportDirectory(file.resolve("usage"), config(), BEGAN);
    assertThatThrownBy(() -> nowhere.recover(BEGAN)).isInstanceOf(IOException.class);
  }
}

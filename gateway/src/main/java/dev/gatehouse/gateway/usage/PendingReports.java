package dev.gatehouse.gateway.usage;

import dev.gatehouse.contract.usage.LostUsage;
import dev.gatehouse.contract.usage.UsageReport;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Reports that the control plane has not taken yet, in their order; those of an earlier run first.
 * One thread at a time, which may have to wait for a disk: not for an event loop.
 */
interface PendingReports {
  /**
   * Takes over what an earlier run has left.
   *
   * @param now that which the earlier run did not write down has ended by then
   * @return for which time its counts are missing; empty if it ended in good order
   * @throws IOException if reports cannot be kept there
   */
  Optional<LostUsage> recover(Instant now) throws IOException;

  /**
   * Adds some, and makes room for them where there is none.
   *
   * @param writtenTo until when everything is counted with these
   * @return what had to be given up
   * @throws IOException if they cannot be kept; none of them is then
   */
  List<LostUsage> add(UUID run, List<UsageReport> reports, Instant writtenTo) throws IOException;

  /** The one that is to be sent first; one that cannot be read any more is given up. */
  Optional<UsageReport> first() throws IOException;

  /** Forgets one that was taken, if it is the first one. */
  void remove(UsageReport report) throws IOException;

  /** How many there are. Any thread. */
  int size();

  /** This run ends in good order: nothing of it is missing. */
  void end() throws IOException;
}

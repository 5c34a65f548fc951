package dev.gatehouse.controlplane.feed;

import java.util.List;

/**
 * What changed after a revision, as one consistent read of the database saw it.
 *
 * @param lines in the order of their revisions
 * @param through whoever has applied the lines knows everything up to this revision
 * @param newest newest revision of all
 * @param purgedThrough removals up to this revision are forgotten
 */
record Deltas(List<FeedLine> lines, long through, long newest, long purgedThrough) {
  Deltas {
    lines = List.copyOf(lines);
  }

  /**
   * Whether the lines are all that a gateway at this revision misses. If not, it knows too little,
   * or it comes from another history, such as the one before a backup was restored.
   */
  boolean follow(long revision) {
    return revision >= purgedThrough && revision <= newest;
  }

  boolean reachNewest() {
    return through >= newest;
  }
}

package dev.gatehouse.gateway.upstream;

import java.util.List;

/** A rule of choice, with what one event loop remembers for it. */
interface Balancer {
  /** Goes on with another set; what it remembers of targets that stay is kept. */
  void adopt(TargetSet set);

  /**
   * Chooses among the usable targets, at least one of which was not tried.
   *
   * @param key for consistent hashing
   * @param tried to be left out
   * @param now on the pool's clock, where a target is warming up; else not looked at
   */
  Target choose(long key, List<Target> tried, boolean warming, long now);
}

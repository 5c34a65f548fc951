package dev.gatehouse.loadtests.exfiltration;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;

/** A caller asks for so many bytes at some time. */
record Fetch(Caller caller, int bytes, long atNanos) {
  /** All of a window, in the order of their times. */
  static List<Fetch> of(
      List<Caller> callers, int window, Plan plan, long beginNanos, SplittableRandom random) {
    List<Fetch> all = new ArrayList<>();
    for (Caller caller : callers) {
      for (int bytes : caller.fetches(window, plan, random)) {
        all.add(new Fetch(caller, bytes, beginNanos + random.nextLong(plan.window().toNanos())));
      }
    }
    all.sort(Comparator.comparingLong(Fetch::atNanos));
    return all;
  }
}

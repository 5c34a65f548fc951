package dev.gatehouse.loadtests.bench;

import java.util.SplittableRandom;

/** Which tenants the operations of a benchmark meet, one after the other. */
public enum Access {
  /** 10,000 of them, spread over all, in rotation. */
  WORKING_SET,
  /** Any, each as likely as another. */
  UNIFORM;

  private static final int WORKING_SET_SIZE = 10_000;
  private static final int TURNS = 1 << 20;
  private static final long SEED = 42;

  /** Numbers of tenants, a power of two of them, to go through again and again. */
  int[] turns(int tenants) {
    SplittableRandom random = new SplittableRandom(SEED);
    int distinct = this == WORKING_SET ? Math.min(WORKING_SET_SIZE, tenants) : TURNS;
    int[] chosen = random.ints(distinct, 0, tenants).toArray();
    int[] turns = new int[TURNS];
    for (int i = 0; i < TURNS; i++) {
      turns[i] = chosen[i % distinct];
    }
    return turns;
  }
}

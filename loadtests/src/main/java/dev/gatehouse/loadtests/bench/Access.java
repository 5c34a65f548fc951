package dev.gatehouse.loadtests.bench;

import java.util.SplittableRandom;

/** Which tenants the operations of a benchmark meet, one after the other. */
public enum Access {
  /** 10,000 of them, spread over all, in rotation: what a gateway sees within seconds. */
  WORKING_SET,
  /** Any, each as likely as another: the worst case, where no tenant is still in a cache. */
  UNIFORM;

  private static final int WORKING_SET_SIZE = 10_000;
  private static final int TURNS = 1 << 20;
  private static final long SEED = 42;

  /** Numbers of tenants, to go through again and again. */
  int[] turns(int tenants) {
    int distinct = this == WORKING_SET ? Math.min(WORKING_SET_SIZE, tenants) : TURNS;
    return new SplittableRandom(SEED).ints(distinct, 0, tenants).toArray();
  }
}

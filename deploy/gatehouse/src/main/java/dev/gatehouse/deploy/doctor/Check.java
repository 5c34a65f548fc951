package dev.gatehouse.deploy.doctor;

import java.util.List;

/**
 * One thing that is looked at.
 *
 * @param name in a word or two
 */
record Check(String name, Look look) {
  /** Looks, and may wait: it is interrupted when its time is over. */
  @FunctionalInterface
  interface Look {
    /**
     * Looks.
     *
     * @throws Exception whatever is not foreseen; it becomes a finding
     */
    List<Finding> look() throws Exception;
  }

  /** One that finds one thing. */
  static Check of(String name, One look) {
    return new Check(name, () -> List.of(look.look()));
  }

  /** Finds one thing. */
  @FunctionalInterface
  interface One {
    /** Looks, as {@link Look#look()}. */
    Finding look() throws Exception;
  }
}

package dev.gatehouse.controlplane.schedule;

import java.util.Arrays;
import java.util.Locale;

/** What can be scheduled. A tenant has one entry of each at most. */
public enum ScheduledAction {
  /** It is suspended. */
  SUSPEND,
  /** Its trial ends: it is suspended. */
  END_TRIAL,
  /** It is archived. */
  ARCHIVE,
  /** It is deleted, if it is archived then. */
  DELETE;

  /** The name in paths and in the database. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  static ScheduledAction fromWireName(String name) {
    return Arrays.stream(values())
        .filter(action -> action.wireName().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no action is named " + name));
  }
}

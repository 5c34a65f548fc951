package dev.gatehouse.gateway.outage;

import java.util.HashSet;
import java.util.Set;

/**
 * Whether a server is away, and which reasons for it are known: each is worth one line of the log,
 * {@value #MOST_REASONS} at most, however often it is tried again. One event loop.
 */
public final class Outage {
  private static final int MOST_REASONS = 8;

  private final Set<String> told = new HashSet<>();

  /** It was tried in vain; whether this reason is to be told. */
  public boolean tells(String reason) {
    return told.size() < MOST_REASONS && told.add(reason);
  }

  /** It is there; whether it was away. */
  public boolean ends() {
    boolean was = !told.isEmpty();
    told.clear();
    return was;
  }
}

package dev.gatehouse.contract.database;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.Locale;

/** How the data of one tenant are kept apart from those of others. */
public enum IsolationStrategy {
  /** In the tables of all, by row-level security. */
  SHARED,
  /** In a schema of its own, with a role of its own. */
  SCHEMA,
  /** In a database of its own, with a role of its own. */
  DATABASE;

  /** The name in JSON. */
  @JsonValue
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * Reads {@link #wireName()} back.
   *
   * @throws IllegalArgumentException if there is no such strategy
   */
  @JsonCreator
  public static IsolationStrategy fromWireName(String name) {
    return Arrays.stream(values())
        .filter(strategy -> strategy.wireName().equals(name))
        .findFirst()
        .orElseThrow(() ->
            new IllegalArgumentException(
                "strategy must be one of shared, schema, database, found " + name));
  }
}

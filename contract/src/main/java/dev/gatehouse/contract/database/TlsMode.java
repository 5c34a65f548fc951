package dev.gatehouse.contract.database;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.Locale;

/** How a connection to a database is encrypted. */
public enum TlsMode {
  /** Not at all. */
  DISABLE,
  /** Whoever the server is. */
  REQUIRE,
  /** By a certificate for its name from an authority that is trusted. */
  VERIFY_FULL;

  /** The name in JSON, which is PostgreSQL's for it too. */
  @JsonValue
  public String wireName() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /**
   * Reads {@link #wireName()} back.
   *
   * @throws IllegalArgumentException if there is no such mode
   */
  @JsonCreator
  public static TlsMode fromWireName(String name) {
    return Arrays.stream(values())
        .filter(mode -> mode.wireName().equals(name))
        .findFirst()
        .orElseThrow(() ->
            new IllegalArgumentException(
                "tls must be one of disable, require, verify-full, found " + name));
  }
}

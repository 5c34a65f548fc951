package dev.gatehouse.contract.edge;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.stream.Collectors;

/** An enumeration whose constants have names of their own in JSON. */
interface WireName {
  /** The name in JSON. */
  @JsonValue
  String wireName();

  /**
   * Finds a constant by its name in JSON.
   *
   * @throws IllegalArgumentException if there is none; it names what is expected
   */
  static <T extends WireName> T parse(String what, T[] values, String name) {
    for (T value : values) {
      if (value.wireName().equals(name)) {
        return value;
      }
    }
    throw new IllegalArgumentException(
        what
            + " must be one of "
            + Arrays.stream(values).map(WireName::wireName).collect(Collectors.joining(", "))
            + ", found "
            + name);
  }
}

package dev.gatehouse.contract.tenant;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.regex.Pattern;

/**
 * The short, unique, DNS-safe name of a tenant; its subdomain under the platform's base domain.
 *
 * @param value 3 to 40 characters: a lower-case letter, then letters, digits and hyphens, not
 *     ending in a hyphen
 */
public record Slug(@JsonValue String value) {
  /** What a slug looks like. */
  public static final String PATTERN = "[a-z][a-z0-9-]{1,38}[a-z0-9]";

  private static final Pattern COMPILED = Pattern.compile(PATTERN);

  /**
   * @throws IllegalArgumentException if the value does not match {@link #PATTERN}
   */
  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public Slug {
    if (!COMPILED.matcher(value).matches()) {
      throw new IllegalArgumentException(
          "slug must match " + PATTERN + ", found \"" + value + "\"");
    }
  }

  @Override
  public String toString() {
    return value;
  }
}

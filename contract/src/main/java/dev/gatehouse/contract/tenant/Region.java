package dev.gatehouse.contract.tenant;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.regex.Pattern;

/**
 * Where something stands, as far as the law or a contract of a tenant is concerned; the operator
 * chooses the names. Tenants are bound to one, endpoints and gateways stand in one.
 *
 * @param value 1 to 63 letters (lower case), digits and hyphens
 */
public record Region(@JsonValue String value) {
  private static final Pattern FORM = Pattern.compile("[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?");

  /**
   * @throws IllegalArgumentException if it has another form
   */
  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public Region {
    if (!FORM.matcher(value).matches()) {
      throw new IllegalArgumentException(
          "region must be 1 to 63 lower-case letters, digits and hyphens, such as eu-central,"
              + " found \""
              + value
              + "\"");
    }
  }

  /** The region of this name. */
  public static Region of(String name) {
    return new Region(name);
  }

  @Override
  public String toString() {
    return value;
  }
}

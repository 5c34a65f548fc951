package dev.gatehouse.contract.edge;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Optional;

/**
 * A condition on one request header.
 *
 * @param name in any case
 * @param value what one of its values must be, exactly; where absent, the header must be there
 * @param absent true if the header must not be there
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record HeaderCondition(String name, Optional<String> value, Optional<Boolean> absent) {
  /**
   * @throws IllegalArgumentException if a value is asked of a header that must not be there
   */
  public HeaderCondition {
    if (value.isPresent() && absent.orElse(false)) {
      throw new IllegalArgumentException(
          "header " + name + " cannot both be absent and have a value");
    }
  }
}

package dev.gatehouse.gateway.authenticate.claims;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where in a token something stands.
 *
 * @param steps names of members, from the outermost in
 */
record ClaimPath(List<String> steps) {
  /** From the name of a claim, or a JSON pointer (RFC 6901). */
  static ClaimPath of(String text) {
    return new ClaimPath(
        text.startsWith("/")
            ? Stream.of(text.substring(1).split("/", -1))
                .map(step -> step.replace("~1", "/").replace("~0", "~"))
                .toList()
            : List.of(text));
  }

  /** Null if there is nothing. */
  @Nullable Object in(Map<String, Object> claims) {
    Object found = claims;
    for (String step : steps) {
      if (!(found instanceof Map<?, ?> members)) {
        return null;
      }
      found = members.get(step);
    }
    return found;
  }
}

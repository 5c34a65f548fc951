package dev.gatehouse.gateway.login;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.gatehouse.gateway.rejection.Rejection;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The parameters of a request or a form.
 *
 * @param values by name
 */
record Query(Map<String, List<String>> values) {
  private static final int MAX_PARAMETERS = 30;

  /** Of a request target. */
  static Query of(String target) {
    return decode(new QueryStringDecoder(target, UTF_8, true, MAX_PARAMETERS, false));
  }

  /** Of a form's body. */
  static Query ofForm(String body) {
    return decode(new QueryStringDecoder(body, UTF_8, false, MAX_PARAMETERS, false));
  }

  private static Query decode(QueryStringDecoder decoder) {
    try {
      return new Query(decoder.parameters());
    } catch (IllegalArgumentException e) {
      throw new Rejection.BadRequest("The parameters cannot be read.");
    }
  }

  /**
   * One parameter; empty if it is not there.
   *
   * @throws Rejection.BadRequest if it is there more than once (RFC 6749 section 3.1)
   */
  Optional<String> get(String name) {
    List<String> found = values.getOrDefault(name, List.of());
    if (found.size() > 1) {
      throw new Rejection.BadRequest("The parameter " + name + " is there more than once.");
    }
    return found.stream().findFirst();
  }
}

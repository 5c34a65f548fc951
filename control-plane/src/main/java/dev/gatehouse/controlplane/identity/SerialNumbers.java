package dev.gatehouse.controlplane.identity;

import dev.gatehouse.controlplane.api.Fault;
import dev.gatehouse.controlplane.api.Problem;
import dev.gatehouse.controlplane.api.ProblemException;
import io.vertx.core.json.JsonArray;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** The serial numbers of certificates, as tools show them: hexadecimal, perhaps with colons. */
final class SerialNumbers {
  private static final Pattern LEADING_ZEROS = Pattern.compile("^0+(?=.)");

  /** RFC 5280 section 4.1.2.2: 20 octets. */
  private static final int MOST_DIGITS = 40;

  private SerialNumbers() {}

  /**
   * The same numbers in the one form that gateways compare, each once.
   *
   * @throws ProblemException {@code INVALID_BODY} if one has no digits, or too many
   */
  static JsonArray normalized(JsonArray given) {
    Set<String> normalized = new LinkedHashSet<>();
    for (int i = 0; i < given.size(); i++) {
      String digits = given.getString(i).replace(":", "").toLowerCase(Locale.ROOT);
      String number = LEADING_ZEROS.matcher(digits).replaceFirst("");
      if (number.isEmpty() || number.length() > MOST_DIGITS) {
        throw new ProblemException(
            Problem.INVALID_BODY,
            List.of(
                Fault.at(
                    "/revokedSerials/" + i,
                    "must have 1 to "
                        + MOST_DIGITS
                        + " hexadecimal digits, found \""
                        + given.getString(i)
                        + "\"")));
      }
      normalized.add(number);
    }
    return new JsonArray(List.copyOf(normalized));
  }
}

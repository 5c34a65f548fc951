package dev.gatehouse.contract.tenant;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Optional;

/**
 * A host name in its one normal form: lower case, no trailing dot, letters, digits and hyphens only
 * (internationalised names as A-labels), at most 253 characters in labels of at most 63 (RFC 1123
 * section 2.1, RFC 5891).
 *
 * <p>IP addresses are not host names: a last label of digits only is refused, which covers decimal
 * and octal spellings.
 *
 * @param value the normal form
 */
public record Hostname(@JsonValue String value) {
  /** Longest name, in characters. */
  public static final int MAX_LENGTH = 253;

  private static final int MAX_LABEL = 63;

  /**
   * @throws IllegalArgumentException if the value is not a host name in normal form; see {@link
   *     #parse} for other spellings
   */
  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public Hostname {
    String fault = faultIn(value);
    if (!fault.isEmpty()) {
      throw new IllegalArgumentException("host name " + fault + ", found \"" + value + "\"");
    }
  }

  /**
   * Brings any spelling of a name to its normal form: folds ASCII case and drops one trailing dot.
   *
   * @throws IllegalArgumentException if what remains is not a host name
   */
  public static Hostname parse(String spelling) {
    return new Hostname(normalize(spelling));
  }

  /** Whether {@link #parse} would accept the spelling. */
  public static boolean isValid(String spelling) {
    return faultIn(normalize(spelling)).isEmpty();
  }

  /**
   * Whether this name lies below the other: {@code a.example.com} below {@code example.com}, not
   * below itself.
   */
  public boolean isBelow(Hostname parent) {
    int cut = value.length() - parent.value.length() - 1;
    return cut > 0 && value.charAt(cut) == '.' && value.endsWith(parent.value);
  }

  /** The name that this one lies directly below; empty if it has one label. */
  public Optional<Hostname> parent() {
    int dot = value.indexOf('.');
    return dot < 0 ? Optional.empty() : Optional.of(new Hostname(value.substring(dot + 1)));
  }

  private static String normalize(String spelling) {
    String lower = foldAsciiCase(spelling);
    return lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
  }

  /** {@link String#toLowerCase} would turn the Kelvin sign, which no name may hold, into a k. */
  private static String foldAsciiCase(String text) {
    StringBuilder folded = new StringBuilder(text);
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c >= 'A' && c <= 'Z') {
        folded.setCharAt(i, (char) (c + ('a' - 'A')));
      }
    }
    return folded.toString();
  }

  /** What is wrong with a name, as the end of a sentence; empty if nothing is. */
  private static String faultIn(String name) {
    if (name.isEmpty() || name.length() > MAX_LENGTH) {
      return "must have 1 to " + MAX_LENGTH + " characters";
    }
    int labelStart = 0;
    boolean digitsOnly = true;
    for (int i = 0; i <= name.length(); i++) {
      char c = i < name.length() ? name.charAt(i) : '.';
      if (c == '.') {
        String fault = faultInLabel(name, labelStart, i);
        if (!fault.isEmpty()) {
          return fault;
        }
        if (i == name.length() && digitsOnly) {
          return "must not be an IP address";
        }
        labelStart = i + 1;
        digitsOnly = true;
      } else if (!isLetterDigitHyphen(c)) {
        return "may hold only a-z, 0-9, hyphens and dots";
      } else if (c < '0' || c > '9') {
        digitsOnly = false;
      }
    }
    return "";
  }

  private static String faultInLabel(String name, int start, int end) {
    if (end == start || end - start > MAX_LABEL) {
      return "must have labels of 1 to " + MAX_LABEL + " characters";
    }
    if (name.charAt(start) == '-' || name.charAt(end - 1) == '-') {
      return "must not have labels that begin or end with a hyphen";
    }
    boolean reserved =
        end - start >= 4 && name.charAt(start + 2) == '-' && name.charAt(start + 3) == '-';
    if (reserved && !Punycode.isALabel(name.substring(start, end))) {
      return "must not have labels with hyphens in third and fourth place, except valid xn-- labels";
    }
    return "";
  }

  private static boolean isLetterDigitHyphen(char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  }

  @Override
  public String toString() {
    return value;
  }
}

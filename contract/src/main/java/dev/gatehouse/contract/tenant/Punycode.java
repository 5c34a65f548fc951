package dev.gatehouse.contract.tenant;

/**
 * Whether an A-label ({@code xn--…}) can be what an internationalised name was encoded to: Punycode
 * (RFC 3492) of letters, marks and digits. What such a name may hold beyond that, and which of
 * several spellings it has, is decided where it is registered (UTS 46); here only what cannot be a
 * name at all is told from what can.
 */
final class Punycode {
  static final String PREFIX = "xn--";

  // RFC 3492 section 5.
  private static final int BASE = 36;
  private static final int T_MIN = 1;
  private static final int T_MAX = 26;
  private static final int SKEW = 38;
  private static final int DAMP = 700;
  private static final int INITIAL_BIAS = 72;
  private static final int INITIAL_N = 0x80;

  private static final int FAULT = -1;

  private Punycode() {}

  /**
   * @param label in lower case, of letters, digits and hyphens
   */
  static boolean isALabel(String label) {
    return label.startsWith(PREFIX) && decodes(label.substring(PREFIX.length()));
  }

  /**
   * RFC 3492 section 6.2. The places of the letters do not matter here, only how many there are.
   */
  private static boolean decodes(String encoded) {
    int delimiter = encoded.lastIndexOf('-');
    int written = Math.max(delimiter, 0);
    int n = INITIAL_N;
    int i = 0;
    int bias = INITIAL_BIAS;
    int at = delimiter + 1;
    boolean any = false;
    while (at < encoded.length()) {
      int before = i;
      int weight = 1;
      for (int k = BASE; ; k += BASE) {
        int digit = at < encoded.length() ? digit(encoded.charAt(at++)) : FAULT;
        if (digit == FAULT || digit > (Integer.MAX_VALUE - i) / weight) {
          return false;
        }
        i += digit * weight;
        int threshold = Math.clamp(k - bias, T_MIN, T_MAX);
        if (digit < threshold) {
          break;
        }
        if (weight > Integer.MAX_VALUE / (BASE - threshold)) {
          return false;
        }
        weight *= BASE - threshold;
      }
      written++;
      bias = adapted(i - before, written, before == 0);
      n += i / written;
      i = i % written + 1;
      if (n > Character.MAX_CODE_POINT || !belongsInNames(n)) {
        return false;
      }
      any = true;
    }
    return any;
  }

  private static int adapted(int delta, int points, boolean first) {
    int rest = first ? delta / DAMP : delta / 2;
    rest += rest / points;
    int k = 0;
    while (rest > (BASE - T_MIN) * T_MAX / 2) {
      rest /= BASE - T_MIN;
      k += BASE;
    }
    return k + (BASE - T_MIN + 1) * rest / (rest + SKEW);
  }

  private static int digit(char c) {
    if (c >= 'a' && c <= 'z') {
      return c - 'a';
    }
    return c >= '0' && c <= '9' ? c - '0' + 26 : FAULT;
  }

  /** The categories of RFC 5892 section 2.1, and what section 2.6 adds to them. */
  private static boolean belongsInNames(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.LOWERCASE_LETTER,
          Character.OTHER_LETTER,
          Character.MODIFIER_LETTER,
          Character.NON_SPACING_MARK,
          Character.COMBINING_SPACING_MARK,
          Character.DECIMAL_DIGIT_NUMBER ->
          true;
      default ->
          switch (codePoint) {
            case 0x00B7, 0x0375, 0x05F3, 0x05F4, 0x06FD, 0x06FE, 0x0F0B, 0x200C, 0x200D, 0x30FB ->
                true;
            default -> false;
          };
    };
  }
}

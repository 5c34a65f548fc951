package dev.gatehouse.gateway.compress;

import java.util.Locale;

/** What codings a client takes (RFC 9110 section 12.5.3). */
final class AcceptEncoding {
  private AcceptEncoding() {}

  /**
   * Whether gzip is taken, and liked no less than the response as it is. A header that cannot be
   * read takes nothing.
   */
  static boolean takesGzip(String header) {
    double gzip = -1;
    double identity = -1;
    double any = -1;
    for (String element : header.split(",", -1)) {
      String[] parts = element.split(";", -1);
      double weight = parts.length == 1 ? 1 : parts.length == 2 ? weightOf(parts[1].strip()) : -1;
      if (weight < 0) {
        return false;
      }
      switch (parts[0].strip().toLowerCase(Locale.ROOT)) {
        case "gzip", "x-gzip" -> gzip = Math.max(gzip, weight);
        case "identity" -> identity = weight;
        case "*" -> any = weight;
        default -> {}
      }
    }
    double wanted = gzip >= 0 ? gzip : any;
    return wanted > 0 && wanted >= identity;
  }

  /** RFC 9110 section 12.4.2; -1 if it is none. */
  private static double weightOf(String parameter) {
    return parameter.matches("[qQ]=(0(\\.[0-9]{0,3})?|1(\\.0{0,3})?)")
        ? Double.parseDouble(parameter.substring(2))
        : -1;
  }
}

package dev.gatehouse.controlplane.console;

import java.util.Optional;
import java.util.regex.Pattern;

/** Where a browser is sent next: a page of the console, and nothing else. */
final class Place {
  static final String HOME = "/console";

  private static final Pattern INSIDE =
      Pattern.compile("/console(?:/[A-Za-z0-9._~:*%-]+)*(?:\\?[A-Za-z0-9._~:*%&=+-]*)?");

  private Place() {}

  /** The place that a form or a link names; the first page where it is none of the console's. */
  static String of(Optional<String> wanted) {
    return wanted
        .filter(place -> place.length() <= 500 && INSIDE.matcher(place).matches())
        .orElse(HOME);
  }
}

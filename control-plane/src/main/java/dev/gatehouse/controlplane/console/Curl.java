package dev.gatehouse.controlplane.console;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** A request as a line for a shell. What may be a secret is left out of it. */
final class Curl {
  private static final Pattern SECRET =
      Pattern.compile("authorization|cookie|key|token|secret|password|signature|assertion");

  private Curl() {}

  /**
   * Writes one.
   *
   * @param request method and URL, with a space between them
   * @param headers lines such as {@code Accept: text/html}
   */
  static String of(String request, List<String> headers) {
    String[] parts = request.split(" ", 2);
    StringBuilder line = new StringBuilder("curl -i");
    if (!parts[0].equals("GET")) {
      line.append(" -X ").append(parts[0]);
    }
    headers.forEach(header -> line.append(" \\\n  -H ").append(quoted(withoutSecret(header))));
    return line.append(" \\\n  ").append(quoted(parts[1])).toString();
  }

  private static String withoutSecret(String header) {
    int colon = header.indexOf(':');
    String name = header.substring(0, Math.max(0, colon));
    return SECRET.matcher(name.toLowerCase(Locale.ROOT)).find() ? name + ": …" : header;
  }

  private static String quoted(String text) {
    return "'" + text.replace("'", "'\\''") + "'";
  }
}

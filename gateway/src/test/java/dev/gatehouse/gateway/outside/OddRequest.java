package dev.gatehouse.gateway.outside;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A line of {@code odd-requests.txt}.
 *
 * @param bytes with the placeholders PATH, HEAD, KEY and TENANT
 * @param laxness why the gateway forwards it though others do not, or not so
 */
record OddRequest(String name, String bytes, Optional<Laxness> laxness) {
  private static final Pattern LINE = Pattern.compile("(\\S.*?) :: (.*)");
  private static final Pattern REASON = Pattern.compile("  laxer than ([^:]+): (.+)");
  private static final Pattern ESCAPE =
      Pattern.compile("\\\\([rnt\\\\]|x[0-9a-f]{2})|\\{(get|post|chunked)}|\\{([^{}]+)\\*(\\d+)}");

  /** How much is shown of what was sent or arrived. */
  private static final int SHOWN = 120;

  /**
   * @param others the names of those who are stricter, as the documentation writes them
   */
  record Laxness(String others, String reason) {}

  static List<OddRequest> all() {
    List<OddRequest> all = new ArrayList<>();
    for (String line : resource().lines().toList()) {
      if (line.isBlank() || line.startsWith("#")) {
        continue;
      }
      Matcher request = LINE.matcher(line);
      Matcher reason = REASON.matcher(line);
      if (reason.matches()) {
        OddRequest last = all.removeLast();
        Laxness laxness = new Laxness(reason.group(1), reason.group(2));
        all.add(new OddRequest(last.name, last.bytes, Optional.of(laxness)));
      } else if (request.matches()) {
        all.add(new OddRequest(request.group(1), unescaped(request.group(2)), Optional.empty()));
      } else {
        throw new IllegalStateException("neither a request nor a reason: " + line);
      }
    }
    return List.copyOf(all);
  }

  private static String resource() {
    try (InputStream in =
        Objects.requireNonNull(OddRequest.class.getResourceAsStream("/outside/odd-requests.txt"))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String unescaped(String text) {
    return ESCAPE.matcher(text).replaceAll(m -> Matcher.quoteReplacement(meaning(m)));
  }

  private static String meaning(MatchResult escape) {
    if (escape.group(3) != null) {
      return unescaped(escape.group(3)).repeat(Integer.parseInt(escape.group(4)));
    }
    if (escape.group(2) != null) {
      return switch (escape.group(2)) {
        case "get" -> "GET PATH HTTP/1.1\r\nHEAD\r\n";
        case "post" -> "POST PATH HTTP/1.1\r\nHEAD\r\n";
        default -> "POST PATH HTTP/1.1\r\nHEAD\r\nTransfer-Encoding: chunked\r\n\r\n";
      };
    }
    return switch (escape.group(1)) {
      case "r" -> "\r";
      case "n" -> "\n";
      case "t" -> "\t";
      case "\\" -> "\\";
      default -> Character.toString(Integer.parseInt(escape.group(1).substring(1), 16));
    };
  }

  /** In printable characters, and not all of it if it is long. */
  static String shown(String bytes) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < Math.min(bytes.length(), SHOWN); i++) {
      char c = bytes.charAt(i);
      if (c == '\r') {
        text.append("\\r");
      } else if (c == '\n') {
        text.append("\\n");
      } else {
        text.append(c >= ' ' && c < 0x7f ? c : "\\x%02x".formatted((int) c));
      }
    }
    return "\"" + text + (bytes.length() > SHOWN ? "…\"" : "\"");
  }
}

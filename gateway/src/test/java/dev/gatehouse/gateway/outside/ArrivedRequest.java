package dev.gatehouse.gateway.outside;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A request as it arrived behind a proxy, read as strictly as the grammar of RFC 9112 is written.
 *
 * @param end where the next one begins
 */
record ArrivedRequest(
    String method,
    String target,
    List<String> hosts,
    List<String> framing,
    String body,
    State state,
    int end) {

  /** Whether it is one. */
  enum State {
    WHOLE,
    /** Not all of it has come. */
    BROKEN_OFF,
    /** What no proxy may send. */
    MALFORMED
  }

  private static final String TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
  private static final Pattern REQUEST_LINE =
      Pattern.compile("(" + TOKEN + ") ([!-~\u0080-\u00ff]+) HTTP/1\\.[01]");
  private static final Pattern FIELD = Pattern.compile("(" + TOKEN + "):[ \t]*([^\0\r\n]*?)[ \t]*");
  private static final Pattern CHUNK_SIZE = Pattern.compile("([0-9A-Fa-f]{1,7})(;[^\r\n]*)?");
  private static final Pattern LENGTH = Pattern.compile("[0-9]{1,9}");

  /** All that came on one connection. */
  static List<ArrivedRequest> allIn(String bytes) {
    List<ArrivedRequest> all = new ArrayList<>();
    int start = 0;
    while (start < bytes.length()) {
      ArrivedRequest next = at(start, bytes);
      all.add(next);
      start = next.end;
    }
    return all;
  }

  /** The one that begins here. */
  static ArrivedRequest at(int start, String bytes) {
    int headEnd = bytes.indexOf("\r\n\r\n", start);
    if (headEnd < 0) {
      return nothingOf(bytes.substring(start), State.BROKEN_OFF, bytes.length());
    }
    String[] lines = bytes.substring(start, headEnd).split("\r\n", -1);
    Matcher requestLine = REQUEST_LINE.matcher(lines[0]);
    List<String> hosts = new ArrayList<>();
    List<String> lengths = new ArrayList<>();
    List<String> codings = new ArrayList<>();
    boolean proper = requestLine.matches();
    for (int i = 1; i < lines.length; i++) {
      Matcher field = FIELD.matcher(lines[i]);
      if (!field.matches()) {
        proper = false;
        continue;
      }
      switch (field.group(1).toLowerCase(Locale.ROOT)) {
        case "host" -> hosts.add(field.group(2));
        case "content-length" -> lengths.add(field.group(2));
        case "transfer-encoding" -> codings.add(field.group(2).toLowerCase(Locale.ROOT));
        default -> {}
      }
    }
    proper &= hosts.size() == 1 && lengths.size() + codings.size() <= 1;
    proper &= codings.isEmpty() || codings.equals(List.of("chunked"));
    proper &= lengths.stream().allMatch(length -> LENGTH.matcher(length).matches());
    if (!proper) {
      return nothingOf(bytes.substring(start), State.MALFORMED, bytes.length());
    }
    Body body =
        codings.isEmpty()
            ? Body.ofLength(
                lengths.isEmpty() ? 0 : Integer.parseInt(lengths.getFirst()), bytes, headEnd + 4)
            : Body.ofChunks(bytes, headEnd + 4);
    List<String> framing = new ArrayList<>();
    lengths.forEach(length -> framing.add("length " + length));
    framing.addAll(codings);
    return new ArrivedRequest(
        requestLine.group(1),
        requestLine.group(2),
        List.copyOf(hosts),
        List.copyOf(framing),
        body.data,
        body.state,
        body.end);
  }

  private static ArrivedRequest nothingOf(String bytes, State state, int end) {
    return new ArrivedRequest("", "", List.of(), List.of(), bytes, state, end);
  }

  boolean isWhole() {
    return state == State.WHOLE;
  }

  /**
   * Whether an application would take another one for the same request. How a proxy frames the same
   * body, and how it writes the same host and target, is its own affair.
   */
  boolean isSameAs(ArrivedRequest other) {
    return method.equals(other.method)
        && body.equals(other.body)
        && path().equals(other.path())
        && host().equals(other.host());
  }

  /** The target without the scheme and authority of its absolute form. */
  private String path() {
    String path = target.replaceFirst("(?i)^https?://[^/?]*", "");
    return path.startsWith("/") || path.equals("*") ? path : "/" + path;
  }

  private String host() {
    return hosts.getFirst().toLowerCase(Locale.ROOT).replaceFirst("\\.?(:(80)?)?$", "");
  }

  @Override
  public String toString() {
    String line = state + " " + method + " " + target + " for " + hosts + " with " + framing;
    return line + " and " + OddRequest.shown(body);
  }

  private record Body(String data, State state, int end) {
    static Body ofLength(int length, String bytes, int start) {
      int end = Math.min(start + length, bytes.length());
      boolean whole = end == start + length;
      return new Body(bytes.substring(start, end), whole ? State.WHOLE : State.BROKEN_OFF, end);
    }

    static Body ofChunks(String bytes, int start) {
      StringBuilder data = new StringBuilder();
      int at = start;
      while (true) {
        int lineEnd = bytes.indexOf("\r\n", at);
        if (lineEnd < 0) {
          return new Body(data.toString(), State.BROKEN_OFF, bytes.length());
        }
        Matcher size = CHUNK_SIZE.matcher(bytes.substring(at, lineEnd));
        if (!size.matches()) {
          return new Body(data.toString(), State.MALFORMED, bytes.length());
        }
        int length = Integer.parseInt(size.group(1), 16);
        int from = lineEnd + 2;
        if (length == 0) {
          return endOf(data.toString(), bytes, from);
        }
        if (from + length + 2 > bytes.length()) {
          return new Body(data.toString(), State.BROKEN_OFF, bytes.length());
        }
        data.append(bytes, from, from + length);
        if (!bytes.startsWith("\r\n", from + length)) {
          return new Body(data.toString(), State.MALFORMED, bytes.length());
        }
        at = from + length + 2;
      }
    }

    /** Trailers, or none, and the empty line. */
    private static Body endOf(String data, String bytes, int start) {
      int at = start;
      while (true) {
        int lineEnd = bytes.indexOf("\r\n", at);
        if (lineEnd < 0) {
          return new Body(data, State.BROKEN_OFF, bytes.length());
        }
        if (lineEnd == at) {
          return new Body(data, State.WHOLE, at + 2);
        }
        if (!FIELD.matcher(bytes.substring(at, lineEnd)).matches()) {
          return new Body(data, State.MALFORMED, bytes.length());
        }
        at = lineEnd + 2;
      }
    }
  }
}

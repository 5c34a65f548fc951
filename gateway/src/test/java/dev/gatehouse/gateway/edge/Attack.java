package dev.gatehouse.gateway.edge;

import java.util.List;
import java.util.Set;

/**
 * Bytes that an edge must not be taken in by.
 *
 * @param name what is wrong with them
 * @param bytes with the placeholders of {@link EdgeScene}
 * @param statuses with which it may be answered
 */
record Attack(String name, String bytes, Set<Integer> statuses) {
  static final String GET = "GET PATH HTTP/1.1\r\nHEAD\r\n";
  static final String POST = "POST PATH HTTP/1.1\r\nHEAD\r\n";

  /** What such bytes are followed by, in the hope that it is taken for a request. */
  static final String SMUGGLED = "GET PATHsmuggled HTTP/1.1\r\nHEAD\r\n\r\n";

  static Attack of(int status, String name, String bytes) {
    return new Attack(name, bytes, Set.of(status));
  }

  /** A request with this header, and a body that is ended in either way. */
  static Attack header(int status, String line) {
    return of(status, line, POST + line + "\r\n\r\n0\r\n\r\n");
  }

  static List<Attack> headers(int status, String... lines) {
    return List.of(lines).stream().map(line -> header(status, line)).toList();
  }

  /** A GET for this target. */
  static Attack target(int status, String target) {
    return of(status, "target " + target, "GET " + target + " HTTP/1.1\r\nHEAD\r\n\r\n");
  }

  /** A request whose body begins with a chunk and goes on like that. */
  static Attack chunk(String name, String rest) {
    return of(400, name, POST + "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n" + rest);
  }

  @Override
  public String toString() {
    String shown = name.length() > 60 ? name.substring(0, 60) + "…" : name;
    return shown.replace("\r", "<CR>").replace("\n", "<LF>").replace("\t", "<HT>");
  }
}

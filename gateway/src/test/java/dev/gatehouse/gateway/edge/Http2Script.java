package dev.gatehouse.gateway.edge;

import static dev.gatehouse.gateway.edge.Http2Wire.END_HEADERS;
import static dev.gatehouse.gateway.edge.Http2Wire.END_STREAM;
import static dev.gatehouse.gateway.edge.Http2Wire.HEADERS;
import static dev.gatehouse.gateway.edge.Http2Wire.SETTINGS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.gateway.edge.Http2Wire.Frame;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Sends frames that are written down as {@code http2-conformance.txt} explains. */
final class Http2Script {
  private static final int MANY = 400;
  private static final List<String> TYPES =
      List.of(
          "DATA",
          "HEADERS",
          "PRIORITY",
          "RST_STREAM",
          "SETTINGS",
          "PUSH_PROMISE",
          "PING",
          "GOAWAY",
          "WINDOW_UPDATE",
          "CONTINUATION");

  private static final Pattern FRAME =
      Pattern.compile(
          "(?<type>[A-Z_]+|[0-9a-f]{2})(/(?<flags>[^@=]+))?(@(?<stream>[0-9a-f]+))?(=(?<payload>.*))?");

  private final Http2Wire wire;
  private final byte[] get;
  private final byte[] post;

  /**
   * @param get the head of a whole request
   * @param post the head of one with a body
   */
  Http2Script(Http2Wire wire, byte[] get, byte[] post) {
    this.wire = wire;
    this.get = get.clone();
    this.post = post.clone();
  }

  /** One after the other. */
  void run(String steps) throws Exception {
    for (String step : steps.split(" +", -1)) {
      if (step.startsWith(">>")) {
        awaitEndOf(Integer.parseInt(step.substring(2)));
      } else if (step.startsWith(">")) {
        assertThat(wire.outcome(Integer.parseInt(step.substring(1)))).isEqualTo("200");
      } else {
        send(step);
      }
    }
  }

  private void awaitEndOf(int stream) throws Exception {
    Frame frame = wire.read();
    while (frame != null && (frame.stream() != stream || (frame.flags() & END_STREAM) == 0)) {
      frame = wire.read();
    }
    assertThat(frame).as("the end of stream %d", stream).isNotNull();
  }

  private void send(String step) throws Exception {
    Matcher frame = FRAME.matcher(step);
    assertThat(frame.matches()).as(step).isTrue();
    String type = frame.group("type");
    String written = frame.group("stream");
    int stream = written == null ? 0 : Integer.parseUnsignedInt(written, 16);
    byte[] payload = frame.group("payload") == null ? new byte[0] : bytes(frame.group("payload"));
    switch (type) {
      case "GET" ->
          wire.send(HEADERS, END_HEADERS | END_STREAM, stream, Http2Wire.joined(get, payload));
      case "POST" -> wire.send(HEADERS, END_HEADERS, stream, Http2Wire.joined(post, payload));
      case "NOWINDOW" -> wire.send(SETTINGS, 0, 0, bytes("000400000000"));
      case "MANY" -> {
        for (int i = 0; i < MANY; i++) {
          wire.send(HEADERS, END_HEADERS, 2 * i + 1, post);
        }
      }
      default -> wire.send(typeOf(type), flags(frame.group("flags")), stream, payload);
    }
  }

  private static int typeOf(String type) {
    int known = TYPES.indexOf(type);
    return known >= 0 ? known : Integer.parseInt(type, 16);
  }

  private static int flags(@Nullable String written) {
    if (written == null) {
      return 0;
    }
    if (written.startsWith("#")) {
      return Integer.parseInt(written.substring(1), 16);
    }
    return written
        .chars()
        .map(flag ->
            switch (flag) {
              case 'E', 'A' -> 0x1;
              case 'H' -> 0x4;
              case 'P' -> 0x8;
              case 'R' -> 0x20;
              default -> throw new IllegalArgumentException(written);
            })
        .reduce(0, (all, one) -> all | one);
  }

  private byte[] bytes(String payload) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (String part : payload.split("\\+", -1)) {
      all.writeBytes(part(part));
    }
    return all.toByteArray();
  }

  private byte[] part(String part) {
    if (part.startsWith("(")) {
      int colon = part.lastIndexOf(':');
      return Http2Wire.block(
          part.substring(1, colon), part.substring(colon + 1, part.length() - 1));
    } else if (part.startsWith("0*")) {
      return new byte[Integer.parseInt(part.substring(2))];
    } else if (part.startsWith("get") || part.startsWith("post")) {
      return cut(part);
    }
    return HexFormat.of().parseHex(part);
  }

  private byte[] cut(String part) {
    byte[] whole = part.startsWith("get") ? get : post;
    int before = part.indexOf('<');
    int after = part.indexOf('>');
    if (before >= 0) {
      return Arrays.copyOf(whole, Integer.parseInt(part.substring(before + 1)));
    }
    return after < 0
        ? whole
        : Arrays.copyOfRange(whole, Integer.parseInt(part.substring(after + 1)), whole.length);
  }
}

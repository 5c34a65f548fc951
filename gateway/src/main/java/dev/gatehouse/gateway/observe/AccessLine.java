package dev.gatehouse.gateway.observe;

import io.netty.util.concurrent.FastThreadLocal;

/**
 * Writes one flat JSON document into a buffer that its thread keeps: a line costs its own text and
 * nothing else. Whatever a client sent stays within its string, and within the line.
 */
final class AccessLine {
  private static final int USUAL_LENGTH = 1024;
  private static final int MOST_KEPT = 16 * 1024;
  private static final String HEX = "0123456789abcdef";
  private static final FastThreadLocal<AccessLine> LINES =
      new FastThreadLocal<>() {
        @Override
        protected AccessLine initialValue() {
          return new AccessLine();
        }
      };

  private StringBuilder text = new StringBuilder(USUAL_LENGTH);

  private AccessLine() {}

  /** An empty document, of this thread; the one before is no more. */
  static AccessLine begin() {
    AccessLine line = LINES.get();
    if (line.text.capacity() > MOST_KEPT) {
      line.text = new StringBuilder(USUAL_LENGTH);
    }
    line.text.setLength(0);
    line.text.append('{');
    return line;
  }

  AccessLine put(String name, String value) {
    name(name);
    text.append('"');
    escape(value);
    text.append('"');
    return this;
  }

  AccessLine put(String name, long value) {
    name(name);
    text.append(value);
    return this;
  }

  AccessLine put(String name, boolean value) {
    name(name);
    text.append(value);
    return this;
  }

  /** What is put after it is within it, up to {@link #close}. */
  AccessLine open(String name) {
    name(name);
    text.append('{');
    return this;
  }

  AccessLine close() {
    text.append('}');
    return this;
  }

  /** The whole document. */
  String end() {
    return text.append('}').toString();
  }

  /** Names are the gateway's own and need no escapes. */
  private void name(String name) {
    if (text.charAt(text.length() - 1) != '{') {
      text.append(',');
    }
    text.append('"').append(name).append("\":");
  }

  private void escape(String value) {
    int plain = 0;
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (isPlain(c)) {
        continue;
      }
      text.append(value, plain, i);
      plain = i + 1;
      if (c == '"' || c == '\\') {
        text.append('\\').append(c);
      } else {
        text.append("\\u");
        for (int shift = 12; shift >= 0; shift -= 4) {
          text.append(HEX.charAt((c >> shift) & 0xf));
        }
      }
    }
    text.append(value, plain, value.length());
  }

  /** Not what ends a line, steers a terminal, or is half a character. */
  private static boolean isPlain(char c) {
    return c >= ' '
        && c != '"'
        && c != '\\'
        && (c < 0x7f || c > 0x9f)
        && c != '\u2028'
        && c != '\u2029'
        && !Character.isSurrogate(c);
  }
}

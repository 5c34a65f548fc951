package dev.gatehouse.gateway.forward;

import io.netty.buffer.ByteBuf;

/**
 * Follows the heads of an upstream's answers, to find a name with white space within, as in {@code
 * X A: b}: the codec takes that for {@code X: b}, which the upstream has not said. White space
 * right before the colon is let be, as the codec drops it (RFC 9112 section 5.1).
 */
final class ResponseHead {
  private static final int SWITCHING_PROTOCOLS = 101;

  /** What part of a head comes next. */
  private enum Part {
    BEFORE,
    VERSION,
    STATUS,
    REST_OF_LINE,
    LINE,
    NAME,
    BEHIND_NAME,
    NONE
  }

  private Part part = Part.NONE;
  private int status;

  /** An answer is to come. */
  void begin() {
    part = Part.BEFORE;
  }

  /** Whether nothing of a head is to come. */
  boolean isOver() {
    return part == Part.NONE;
  }

  /** Whether all names are whole in what has come; nothing of it is taken. */
  boolean accepts(ByteBuf bytes) {
    int at = bytes.readerIndex();
    int end = bytes.writerIndex();
    while (at < end && part != Part.NONE) {
      if (part == Part.REST_OF_LINE) {
        int lineEnd = bytes.indexOf(at, end, (byte) '\n');
        if (lineEnd < 0) {
          return true;
        }
        part = Part.LINE;
        at = lineEnd + 1;
      } else if (!take(bytes.getByte(at++))) {
        return false;
      }
    }
    return true;
  }

  private boolean take(byte octet) {
    switch (part) {
      case BEFORE -> {
        if (octet > ' ') {
          part = Part.VERSION;
          status = 0;
        }
      }
      case VERSION -> part = octet == '\n' ? Part.LINE : octet == ' ' ? Part.STATUS : part;
      case STATUS -> takeOfStatus(octet);
      case LINE -> beginLine(octet);
      case NAME ->
          part =
              isSpace(octet)
                  ? Part.BEHIND_NAME
                  : octet == ':' ? Part.REST_OF_LINE : endOr(octet, Part.NAME);
      case BEHIND_NAME -> {
        if (octet == ':') {
          part = Part.REST_OF_LINE;
        } else if (octet == '\n' || octet == '\r') {
          // No colon: the codec refuses that.
          part = endOr(octet, Part.BEHIND_NAME);
        } else {
          return isSpace(octet);
        }
      }
      case REST_OF_LINE, NONE -> throw new IllegalStateException(part.toString());
    }
    return true;
  }

  private void takeOfStatus(byte octet) {
    if (octet >= '0' && octet <= '9' && status < 100) {
      status = 10 * status + octet - '0';
    } else if (octet != ' ' || status != 0) {
      part = endOr(octet, Part.REST_OF_LINE);
    }
  }

  private void beginLine(byte octet) {
    if (octet == '\n') {
      // What ends no request is followed by another head.
      boolean interim = status >= 100 && status < 200 && status != SWITCHING_PROTOCOLS;
      part = interim ? Part.BEFORE : Part.NONE;
    } else if (octet != '\r') {
      part = isSpace(octet) ? Part.REST_OF_LINE : octet == ':' ? Part.REST_OF_LINE : Part.NAME;
    }
  }

  private static Part endOr(byte octet, Part otherwise) {
    return octet == '\n' ? Part.LINE : otherwise;
  }

  private static boolean isSpace(byte octet) {
    return octet == ' ' || octet == '\t';
  }
}

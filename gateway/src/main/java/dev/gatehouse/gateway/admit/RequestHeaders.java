package dev.gatehouse.gateway.admit;

import io.netty.util.AsciiString;
import io.vertx.core.MultiMap;
import org.jspecify.annotations.Nullable;

/**
 * The headers of a request that the gateway itself acts on, found in one pass: to look each of them
 * up by its name costs more than all the rest of the admission. Where a header came more than once,
 * its count tells.
 */
public final class RequestHeaders {
  private static final AsciiString HOST = AsciiString.cached("host");
  private static final AsciiString CONTENT_LENGTH = AsciiString.cached("content-length");
  private static final AsciiString TRANSFER_ENCODING = AsciiString.cached("transfer-encoding");
  private static final AsciiString EXPECT = AsciiString.cached("expect");
  private static final AsciiString CONNECTION = AsciiString.cached("connection");
  private static final AsciiString UPGRADE = AsciiString.cached("upgrade");
  private static final AsciiString AUTHORIZATION = AsciiString.cached("authorization");
  private static final AsciiString CDN_LOOP = AsciiString.cached("cdn-loop");
  private static final AsciiString API_KEY = AsciiString.cached("x-api-key");
  private static final AsciiString TRACEPARENT = AsciiString.cached("traceparent");
  private static final AsciiString TRACESTATE = AsciiString.cached("tracestate");
  private static final AsciiString TE = AsciiString.cached("te");

  private @Nullable String host;
  private int hosts;
  private int count;
  private @Nullable String contentLength;
  private int contentLengths;
  private @Nullable String transferEncoding;
  private int transferEncodings;
  private @Nullable String expect;
  private @Nullable String connection;
  private @Nullable String upgrade;
  private @Nullable String authorization;
  private @Nullable String apiKey;
  private boolean manyCredentials;
  private boolean saysTheTenant;
  private @Nullable String traceParent;
  private @Nullable String traceState;
  private @Nullable String te;
  private @Nullable String cdnLoop;

  private RequestHeaders() {}

  /** Reads them. */
  public static RequestHeaders of(MultiMap headers) {
    RequestHeaders found = new RequestHeaders();
    HeaderPairs.forEach(headers, found::take);
    return found;
  }

  private void take(CharSequence name, CharSequence value) {
    count++;
    saysTheTenant |= ForwardableHeaders.saysTheTenant(name);
    switch (name.length()) {
      case 2 -> {
        if (TE.contentEqualsIgnoreCase(name)) {
          te = value.toString();
        }
      }
      case 4 -> {
        if (HOST.contentEqualsIgnoreCase(name)) {
          host = value.toString();
          hosts++;
        }
      }
      case 6 -> {
        if (EXPECT.contentEqualsIgnoreCase(name)) {
          expect = expect == null ? value.toString() : expect + "," + value;
        }
      }
      case 7 -> {
        if (UPGRADE.contentEqualsIgnoreCase(name)) {
          upgrade = value.toString();
        }
      }
      case 8 -> {
        if (CDN_LOOP.contentEqualsIgnoreCase(name)) {
          cdnLoop = cdnLoop == null ? value.toString() : cdnLoop + "," + value;
        }
      }
      case 9 -> {
        if (API_KEY.contentEqualsIgnoreCase(name)) {
          takeApiKey(value.toString());
        }
      }
      case 10 -> {
        if (CONNECTION.contentEqualsIgnoreCase(name)) {
          connection = connection == null ? value.toString() : connection + "," + value;
        } else if (TRACESTATE.contentEqualsIgnoreCase(name)) {
          traceState = traceState == null ? value.toString() : traceState + "," + value;
        }
      }
      case 11 -> {
        if (TRACEPARENT.contentEqualsIgnoreCase(name)) {
          traceParent = value.toString();
        }
      }
      case 13 -> {
        if (AUTHORIZATION.contentEqualsIgnoreCase(name)) {
          takeAuthorization(value.toString());
        }
      }
      case 14 -> {
        if (CONTENT_LENGTH.contentEqualsIgnoreCase(name)) {
          contentLength = value.toString();
          contentLengths++;
        }
      }
      case 17 -> {
        if (TRANSFER_ENCODING.contentEqualsIgnoreCase(name)) {
          transferEncoding = value.toString();
          transferEncodings++;
        }
      }
      default -> {}
    }
  }

  private void takeApiKey(String value) {
    manyCredentials |= apiKey != null && !apiKey.equals(value);
    apiKey = value;
  }

  private void takeAuthorization(String value) {
    manyCredentials |= authorization != null && !authorization.equals(value);
    authorization = value;
  }

  /** The only Host; null if there is none, or more than one. */
  public @Nullable String host() {
    return hosts == 1 ? host : null;
  }

  /** How many Host headers there are. */
  public int hosts() {
    return hosts;
  }

  /** Content-Length; the last one, if there are more. */
  public @Nullable String contentLength() {
    return contentLength;
  }

  /** How many Content-Length headers there are. */
  public int contentLengths() {
    return contentLengths;
  }

  /** Transfer-Encoding; the last one, if there are more. */
  public @Nullable String transferEncoding() {
    return transferEncoding;
  }

  /** How many Transfer-Encoding headers there are. */
  public int transferEncodings() {
    return transferEncodings;
  }

  /** How many header lines there are. */
  public int count() {
    return count;
  }

  /** Expect; all of them, joined by commas. */
  public @Nullable String expect() {
    return expect;
  }

  /** Connection; all of them, joined by commas. */
  public @Nullable String connection() {
    return connection;
  }

  /** Upgrade. */
  public @Nullable String upgrade() {
    return upgrade;
  }

  /** Authorization. */
  public @Nullable String authorization() {
    return authorization;
  }

  /** X-API-Key. */
  public @Nullable String apiKey() {
    return apiKey;
  }

  /** Whether there are two different X-API-Key or two different Authorization headers. */
  public boolean hasManyCredentials() {
    return manyCredentials;
  }

  /** Whether a header looks like {@code X-Tenant-*}, which never passes. */
  public boolean saysTheTenant() {
    return saysTheTenant;
  }

  /** tracestate. */
  public @Nullable String traceState() {
    return traceState;
  }

  /** traceparent. */
  public @Nullable String traceParent() {
    return traceParent;
  }

  /** CDN-Loop; all of them, joined by commas. */
  @Nullable String cdnLoop() {
    return cdnLoop;
  }

  /** TE. */
  public @Nullable String te() {
    return te;
  }
}

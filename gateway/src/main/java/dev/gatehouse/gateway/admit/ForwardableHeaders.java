package dev.gatehouse.gateway.admit;

import dev.gatehouse.contract.token.SecretToken;
import io.netty.util.AsciiString;
import io.vertx.core.MultiMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which headers cross the gateway. What belongs to one connection only (RFC 9110 section 7.6.1),
 * what the gateway says itself, and what could be taken for the gateway's word does not.
 */
public final class ForwardableHeaders {
  /** What a gateway says that passes a request on to a gateway of another region. */
  public static final AsciiString PASSED_ON = AsciiString.cached("gatehouse-passed-on");

  private static final AsciiString AUTHORIZATION = AsciiString.cached("authorization");
  private static final AsciiString CONTENT_LENGTH = AsciiString.cached("content-length");
  private static final AsciiString CDN_LOOP = AsciiString.cached("cdn-loop");
  private static final AsciiString COOKIE = AsciiString.cached("cookie");
  private static final AsciiString SET_COOKIE = AsciiString.cached("set-cookie");
  private static final AsciiString EXPECT = AsciiString.cached("expect");
  private static final AsciiString FORWARDED = AsciiString.cached("forwarded");
  private static final AsciiString HOST = AsciiString.cached("host");
  private static final AsciiString TE = AsciiString.cached("te");
  private static final AsciiString TRAILER = AsciiString.cached("trailer");
  private static final AsciiString UPGRADE = AsciiString.cached("upgrade");
  private static final AsciiString CONNECTION = AsciiString.cached("connection");
  private static final AsciiString KEEP_ALIVE = AsciiString.cached("keep-alive");
  private static final AsciiString TRANSFER_ENCODING = AsciiString.cached("transfer-encoding");
  private static final AsciiString PROXY_AUTHENTICATE = AsciiString.cached("proxy-authenticate");
  private static final AsciiString PROXY_AUTHORIZATION = AsciiString.cached("proxy-authorization");
  private static final AsciiString PROXY_CONNECTION = AsciiString.cached("proxy-connection");
  private static final AsciiString TRACEPARENT = AsciiString.cached("traceparent");
  private static final AsciiString HTTP2_SETTINGS = AsciiString.cached("http2-settings");
  private static final AsciiString API_KEY = AsciiString.cached("x-api-key");

  private static final String TENANT = "tenant";
  private static final String X_TENANT = "xtenant";
  private static final String REAL_IP = "realip";
  private static final String SIGNATURE = "signature";
  private static final String SIGNATURE_INPUT = "signatureinput";
  private static final String CONTENT_DIGEST = "contentdigest";
  private static final String FORWARDED_PREFIX = "forwarded";

  /** X-Original-URL, X-Original-Host and the like: some frameworks serve another path by them. */
  private static final String ORIGINAL = "original";

  private static final String REWRITE_URL = "rewriteurl";

  /**
   * CGI makes {@code HTTP_PROXY} of it, which many programs take for the proxy that they are to go
   * through themselves (CVE-2016-5385).
   */
  private static final String PROXY = "proxy";

  /** With another character for the hyphen: the application's own server might read it so. */
  private static final String TRANSFER_CODING = "transferencoding";

  /** What is put before a name, or left out, on the way to an application. */
  private static final String X = "x";

  private static final String CGI = "http";

  /** End-to-end headers that a client may not have removed by naming them in Connection. */
  private static final Set<String> NOT_NEGOTIABLE =
      Set.of(
          "authorization",
          "cdn-loop",
          "cookie",
          "host",
          "content-length",
          "content-type",
          "set-cookie");

  private static final Set<String> NOT_IN_TRAILERS =
      Set.of(
          "content-length",
          "content-encoding",
          "content-type",
          "content-range",
          "host",
          "authorization",
          "set-cookie",
          "cache-control",
          "location",
          "www-authenticate");

  private static final Set<String> PLAIN_OPTIONS = Set.of("keep-alive", "close", "upgrade");

  private ForwardableHeaders() {}

  /**
   * Copies to an upstream what it may see of a client's headers.
   *
   * @param connection the client's Connection header; null if there is none
   */
  public static void copyToUpstream(MultiMap from, @Nullable String connection, MultiMap to) {
    Set<String> nominated = nominatedBy(connection);
    HeaderPairs.forEach(
        from,
        (name, value) -> {
          if (passesToUpstream(name, value) && !isNominated(name, nominated)) {
            if (is(name, COOKIE) && GatewayCookies.anyIn(value)) {
              addCookies(value.toString(), to);
            } else {
              to.add(name, value);
            }
          }
        });
  }

  /**
   * Copies to a gateway of another region all that is not the affair of one connection, credentials
   * and the gateways' own cookies included: that gateway decides about the request as it came.
   *
   * @param connection the client's Connection header; null if there is none
   */
  public static void copyToGateway(MultiMap from, @Nullable String connection, MultiMap to) {
    Set<String> nominated = nominatedBy(connection);
    HeaderPairs.forEach(
        from,
        (name, value) -> {
          boolean credential = is(name, API_KEY) || is(name, AUTHORIZATION);
          if ((credential || passesToUpstream(name, "")) && !isNominated(name, nominated)) {
            to.add(name, value);
          }
        });
  }

  /** Copies to a client what a gateway of another region has answered. */
  public static void copyFromGateway(MultiMap from, MultiMap to) {
    Set<String> nominated = nominatedBy(connectionOf(from));
    HeaderPairs.forEach(
        from,
        (name, value) -> {
          if (passesToClient(name) && !isNominated(name, nominated)) {
            to.add(name, value);
          }
        });
  }

  /** Whether a client says by this header who the tenant is, which only the gateway does. */
  static boolean saysTheTenant(CharSequence name) {
    return endOf(X_TENANT, name, 0) >= 0;
  }

  /** Copies to a client what it may see of an upstream's headers. */
  public static void copyToClient(MultiMap from, MultiMap to) {
    Set<String> nominated = nominatedBy(connectionOf(from));
    HeaderPairs.forEach(
        from,
        (name, value) -> {
          if (passesToClient(name)
              && !isNominated(name, nominated)
              && !(is(name, SET_COOKIE) && GatewayCookies.anyIn(value))) {
            to.add(name, value);
          }
        });
  }

  /**
   * Adds a header of a request, without what was meant for the gateway alone: its cookies, and API
   * keys.
   */
  public static void addWithoutOwn(String name, String value, MultiMap to) {
    if (is(name, COOKIE) && GatewayCookies.anyIn(value)) {
      addCookies(value, to);
    } else if (!is(name, API_KEY) && !(is(name, AUTHORIZATION) && isGatehouseCredential(value))) {
      to.add(name, value);
    }
  }

  private static void addCookies(String value, MultiMap to) {
    String others = GatewayCookies.without(value);
    if (!others.isEmpty()) {
      to.add(COOKIE, others);
    }
  }

  /**
   * Whether a header is the affair of client and upstream alone, so that a route may change it:
   * what the gateway says itself, what frames a message and what belongs to one connection is not.
   * What a client may not say of the target, a route may: that is what such headers are for.
   */
  public static boolean mayBeChanged(CharSequence name) {
    return (passesToUpstream(name, "") || saysTheTarget(name, prefixEnd(name)))
        && passesToClient(name)
        && !is(name, HOST)
        && !is(name, CDN_LOOP)
        && !is(name, CONTENT_LENGTH);
  }

  /**
   * Takes out what some upstream would read as the signature of a message (RFC 9421): only the
   * gateway signs what goes to a service that asks for it.
   *
   * @param digest whether to take out what would be read as the digest of the body (RFC 9530) too
   */
  public static void removeSignatures(MultiMap headers, boolean digest) {
    Set<String> found = new HashSet<>();
    HeaderPairs.forEach(
        headers,
        (name, _) -> {
          if (isWhole(SIGNATURE, name)
              || isWhole(SIGNATURE_INPUT, name)
              || (digest && isWhole(CONTENT_DIGEST, name))) {
            found.add(name.toString());
          }
        });
    found.forEach(headers::remove);
  }

  /**
   * Copies to a client what it may see of an upstream's trailers: nothing that frames, routes or
   * describes the message (RFC 9110 section 6.5.1).
   */
  public static void copyTrailersToClient(MultiMap from, MultiMap to) {
    HeaderPairs.forEach(
        from,
        (name, value) -> {
          if (passesToClient(name) && !NOT_IN_TRAILERS.contains(lower(name))) {
            to.add(name, value);
          }
        });
  }

  private static boolean passesToUpstream(CharSequence name, CharSequence value) {
    if (name.isEmpty()) {
      return false;
    }
    return switch (name.charAt(0) | 0x20) {
      case 'a' -> !(is(name, AUTHORIZATION) && isGatehouseCredential(value.toString()));
      case 'e' -> !is(name, EXPECT);
      case 'f' ->
          !is(name, FORWARDED) && !isForTheGatewayToSay(name) && !ClientAddressHeaders.are(name, 0);
      case 'g' -> !is(name, PASSED_ON);
      case 'h' -> !is(name, HTTP2_SETTINGS) && !isForTheGatewayToSay(name);
      case 't' ->
          !is(name, TRACEPARENT)
              && !isHopByHop(name)
              && !isWhole(TRANSFER_CODING, name)
              && !isForTheGatewayToSay(name)
              && !ClientAddressHeaders.are(name, 0);
      case 'x' -> !is(name, API_KEY) && !isForTheGatewayToSay(name);
      case 'c' ->
          !isHopByHop(name)
              && !CertificateHeaders.are(name, 0)
              && !ClientAddressHeaders.are(name, 0);
      case 's' -> !CertificateHeaders.are(name, 0);
      case 'w' -> !CertificateHeaders.are(name, 0) && !ClientAddressHeaders.are(name, 0);
      case 'p' -> !isHopByHop(name) && !isWhole(PROXY, name) && !ClientAddressHeaders.are(name, 0);
      case 'k', 'u' -> !isHopByHop(name);
      default -> Character.isLetter(name.charAt(0)) || !isForTheGatewayToSay(name);
    };
  }

  private static boolean passesToClient(CharSequence name) {
    if (name.isEmpty()) {
      return false;
    }
    return switch (name.charAt(0) | 0x20) {
      case 'x' -> !saysTheTenant(name);
      case 'c', 'k', 'p', 't', 'u' -> !isHopByHop(name);
      default -> true;
    };
  }

  /**
   * Names of headers that the sender wants removed at this hop, in lower case. Empty for nearly
   * every request. Those that carry the caller's identity or the framing stay whatever the sender
   * says.
   */
  private static Set<String> nominatedBy(@Nullable String connection) {
    if (connection == null || PLAIN_OPTIONS.contains(connection)) {
      return Set.of();
    }
    Set<String> names = new HashSet<>();
    for (String name : connection.split(",", -1)) {
      names.add(name.strip().toLowerCase(Locale.ROOT));
    }
    names.removeAll(NOT_NEGOTIABLE);
    names.removeAll(PLAIN_OPTIONS);
    return names;
  }

  private static @Nullable String connectionOf(MultiMap headers) {
    String first = headers.get(CONNECTION);
    return first == null ? null : String.join(",", headers.getAll(CONNECTION));
  }

  private static boolean isNominated(CharSequence name, Set<String> nominated) {
    return !nominated.isEmpty() && nominated.contains(lower(name));
  }

  private static String lower(CharSequence name) {
    return name.toString().toLowerCase(Locale.ROOT);
  }

  private static boolean isHopByHop(CharSequence name) {
    return switch (name.length()) {
      case 2 -> is(name, TE);
      case 7 -> is(name, TRAILER) || is(name, UPGRADE);
      case 10 -> is(name, CONNECTION) || is(name, KEEP_ALIVE);
      case 16 -> is(name, PROXY_CONNECTION);
      case 17 -> is(name, TRANSFER_ENCODING);
      case 18 -> is(name, PROXY_AUTHENTICATE);
      case 19 -> is(name, PROXY_AUTHORIZATION);
      default -> false;
    };
  }

  /** The credential was meant for the gateway; the upstream gets the signed context instead. */
  private static boolean isGatehouseCredential(String value) {
    String token = BearerScheme.tokenIn(value);
    return token != null && SecretToken.looksLike(SecretToken.Kind.API_KEY, token);
  }

  private static boolean is(CharSequence name, AsciiString expected) {
    return expected.contentEqualsIgnoreCase(name);
  }

  /**
   * Whether some upstream would read a name as one of those that only the gateway says. CGI and
   * WSGI write {@code HTTP_X_TENANT_ID} for {@code X-Tenant-Id}; what stands between the words,
   * whether {@code HTTP_} and {@code X-} are there, and the case may be lost on the way.
   */
  private static boolean isForTheGatewayToSay(CharSequence name) {
    int start = prefixEnd(name);
    return endOf(TENANT, name, start) >= 0
        || endOf(FORWARDED_PREFIX, name, start) >= 0
        || endOf(REAL_IP, name, start) >= 0
        || saysTheTarget(name, start)
        || isWhole(PROXY, name)
        || CertificateHeaders.are(name, start)
        || ClientAddressHeaders.are(name, start);
  }

  /** Where the name itself begins, behind {@code HTTP_} and {@code X-}. */
  private static int prefixEnd(CharSequence name) {
    int start = 0;
    for (int end = 0; end >= 0; end = Math.max(endOf(CGI, name, start), endOf(X, name, start))) {
      start = end;
    }
    return start;
  }

  /**
   * Whether a proxy that rewrites would say by this name what it was asked for. These all begin
   * with {@code X-}.
   */
  private static boolean saysTheTarget(CharSequence name, int start) {
    if (start == 0) {
      return false;
    }
    int original = endOf(ORIGINAL, name, start);
    return (original >= 0
            && (endOf("url", name, original) >= 0
                || endOf("uri", name, original) >= 0
                || endOf("host", name, original) >= 0
                || endOf("method", name, original) >= 0))
        || endOf(REWRITE_URL, name, start) >= 0;
  }

  /** Whether some upstream would read a name as this one, and nothing more. */
  private static boolean isWhole(String word, CharSequence name) {
    int start = 0;
    for (int end = 0; end >= 0; end = endOf(CGI, name, start)) {
      start = end;
    }
    int end = endOf(word, name, start);
    return end >= 0 && hasNoLetterFrom(name, end);
  }

  static boolean hasNoLetterFrom(CharSequence name, int start) {
    for (int i = start; i < name.length(); i++) {
      if (Character.isLetterOrDigit(name.charAt(i))) {
        return false;
      }
    }
    return true;
  }

  /**
   * The end of a word in a name, in any case, with anything but letters and digits before and
   * within it; -1 if another word begins at the start.
   *
   * @param word lower-case letters only
   */
  static int endOf(String word, CharSequence name, int start) {
    int matched = 0;
    for (int i = start; i < name.length(); i++) {
      char c = name.charAt(i);
      if ((c | 0x20) == word.charAt(matched)) {
        matched++;
        if (matched == word.length()) {
          return i + 1;
        }
      } else if (Character.isLetterOrDigit(c)) {
        return -1;
      }
    }
    return -1;
  }
}

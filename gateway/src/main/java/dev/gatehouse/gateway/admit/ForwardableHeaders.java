package dev.gatehouse.gateway.admit;

import dev.gatehouse.contract.token.SecretToken;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/**
 * Which headers cross the gateway. What belongs to one connection only (RFC 9110 section 7.6.1),
 * what the gateway says itself, and what could be taken for the gateway's word does not.
 */
public final class ForwardableHeaders {
  private static final String TENANT_PREFIX = "x-tenant";
  private static final String FORWARDED_PREFIX = "x-forwarded";
  private static final String BEARER = "bearer ";

  /** End-to-end headers that a client may not have removed by naming them in Connection. */
  private static final Set<String> NOT_NEGOTIABLE =
      Set.of("authorization", "cookie", "host", "content-length", "content-type", "set-cookie");

  private static final Set<String> PLAIN_OPTIONS = Set.of("keep-alive", "close", "upgrade");

  private ForwardableHeaders() {}

  /**
   * Whether the upstream may see this header of the client.
   *
   * @param nominated what the client's {@code Connection} named
   */
  public static boolean passesToUpstream(String name, String value, Set<String> nominated) {
    if (name.isEmpty() || isNominated(name, nominated)) {
      return false;
    }
    return switch (name.charAt(0) | 0x20) {
      case 'a' -> !(is(name, "authorization") && isGatehouseCredential(value));
      case 'e' -> !is(name, "expect");
      case 'f' -> !is(name, "forwarded");
      case 'h' -> !is(name, "host") && !is(name, "http2-settings");
      case 't' -> !is(name, "traceparent") && !isHopByHop(name);
      case 'x' ->
          !startsLike(name, TENANT_PREFIX)
              && !startsLike(name, FORWARDED_PREFIX)
              && !is(name, "x-api-key")
              && !is(name, "x-real-ip");
      case 'c', 'k', 'p', 'u' -> !isHopByHop(name);
      default -> true;
    };
  }

  /**
   * Whether the client may see this header of the upstream.
   *
   * @param nominated what the upstream's {@code Connection} named
   */
  public static boolean passesToClient(String name, Set<String> nominated) {
    if (name.isEmpty() || isNominated(name, nominated)) {
      return false;
    }
    return switch (name.charAt(0) | 0x20) {
      case 'x' -> !startsLike(name, TENANT_PREFIX);
      case 'c', 'k', 'p', 't', 'u' -> !isHopByHop(name);
      default -> true;
    };
  }

  /**
   * Names of headers that the sender wants removed at this hop, in lower case. Empty for nearly
   * every request. Those that carry the caller's identity or the framing stay whatever the sender
   * says.
   */
  public static Set<String> nominatedByConnection(MultiMap headers) {
    String single = headers.get(HttpHeaders.CONNECTION);
    if (single == null || PLAIN_OPTIONS.contains(single)) {
      return Set.of();
    }
    Set<String> names = new HashSet<>();
    for (String value : headers.getAll(HttpHeaders.CONNECTION)) {
      for (String name : value.split(",", -1)) {
        names.add(name.strip().toLowerCase(Locale.ROOT));
      }
    }
    names.removeAll(NOT_NEGOTIABLE);
    names.removeAll(PLAIN_OPTIONS);
    return names;
  }

  private static boolean isNominated(String name, Set<String> nominated) {
    return !nominated.isEmpty() && nominated.contains(name.toLowerCase(Locale.ROOT));
  }

  private static boolean isHopByHop(String name) {
    return switch (name.length()) {
      case 2 -> is(name, "te");
      case 7 -> is(name, "trailer") || is(name, "upgrade");
      case 10 -> is(name, "connection") || is(name, "keep-alive");
      case 16 -> is(name, "proxy-connection");
      case 17 -> is(name, "transfer-encoding");
      case 18 -> is(name, "proxy-authenticate");
      case 19 -> is(name, "proxy-authorization");
      default -> false;
    };
  }

  /** The credential was meant for the gateway; the upstream gets the signed context instead. */
  private static boolean isGatehouseCredential(String value) {
    return value.regionMatches(true, 0, BEARER, 0, BEARER.length())
        && SecretToken.looksLike(
            SecretToken.Kind.API_KEY, value.substring(BEARER.length()).strip());
  }

  private static boolean is(String name, String lowerCase) {
    return name.equalsIgnoreCase(lowerCase);
  }

  /**
   * Whether a name begins with the prefix in any spelling that some upstream would read as the
   * same: any case, and anything that is no letter or digit for the hyphen.
   */
  private static boolean startsLike(String name, String prefix) {
    if (name.length() < prefix.length()) {
      return false;
    }
    for (int i = 0; i < prefix.length(); i++) {
      char wanted = prefix.charAt(i);
      char c = name.charAt(i);
      boolean same = wanted == '-' ? !Character.isLetterOrDigit(c) : (c | 0x20) == wanted;
      if (!same) {
        return false;
      }
    }
    return true;
  }
}

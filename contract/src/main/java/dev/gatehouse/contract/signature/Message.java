package dev.gatehouse.contract.signature;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What of an HTTP message can be signed, as it goes over the wire: nothing is decoded. */
public sealed interface Message {
  /**
   * The values of a header, one for each time it stands in the message, in that order; empty if it
   * does not.
   *
   * @param name in lower case
   */
  List<String> header(String name);

  /** A request. Implement it on the request of the server or of the client at hand. */
  non-sealed interface Request extends Message {
    /** For example {@code GET}; not changed, since methods are case-sensitive. */
    String method();

    /** {@code http} or {@code https}. */
    String scheme();

    /** Host and port as in {@code Host} or {@code :authority}. */
    String authority();

    /** The path, with percent signs as sent; empty is the same as {@code /}. */
    String path();

    /** The query with its question mark, as sent; empty if there is none. */
    String query();
  }

  /** A response. */
  non-sealed interface Response extends Message {
    /** The three digits. */
    int status();
  }

  /**
   * A request of its parts.
   *
   * @param uri absolute
   * @param headers under names in any case
   * @throws IllegalArgumentException if the URI has no scheme or no host
   */
  static Request request(String method, URI uri, Map<String, List<String>> headers) {
    String scheme = uri.getScheme();
    String authority = uri.getRawAuthority();
    if (scheme == null || authority == null) {
      throw new IllegalArgumentException("an absolute URI is expected, found " + uri);
    }
    return new Parts(
        method,
        scheme,
        authority,
        orEmpty(uri.getRawPath()),
        uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery(),
        anyCase(headers));
  }

  /**
   * A response of its parts.
   *
   * @param headers under names in any case
   */
  static Response response(int status, Map<String, List<String>> headers) {
    return new Answer(status, anyCase(headers));
  }

  private static String orEmpty(@Nullable String path) {
    return path == null ? "" : path;
  }

  private static Map<String, List<String>> anyCase(Map<String, List<String>> headers) {
    Map<String, List<String>> found = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    found.putAll(headers);
    return found;
  }

  /** See {@link #request}. */
  record Parts(
      String method,
      String scheme,
      String authority,
      String path,
      String query,
      Map<String, List<String>> headers)
      implements Request {
    @Override
    public List<String> header(String name) {
      return headers.getOrDefault(name, List.of());
    }
  }

  /** See {@link #response}. */
  record Answer(int status, Map<String, List<String>> headers) implements Response {
    @Override
    public List<String> header(String name) {
      return headers.getOrDefault(name, List.of());
    }
  }
}

package dev.gatehouse.gateway.compress;

import java.util.Locale;
import java.util.Set;

/** Which media types become smaller. Streams of events and messages do not count. */
final class CompressibleTypes {
  private static final Set<String> APPLICATION =
      Set.of(
          "application/json",
          "application/javascript",
          "application/ecmascript",
          "application/xml",
          "application/yaml",
          "application/graphql-response",
          "application/x-ndjson",
          "application/manifest+json",
          "application/wasm",
          "application/vnd.ms-fontobject",
          "font/ttf",
          "font/otf",
          "image/bmp",
          "image/x-icon",
          "image/vnd.microsoft.icon");

  private CompressibleTypes() {}

  /**
   * Whether a body of this type is worth it.
   *
   * @param contentType with or without parameters
   */
  static boolean contain(String contentType) {
    int parameters = contentType.indexOf(';');
    String type =
        (parameters < 0 ? contentType : contentType.substring(0, parameters))
            .strip()
            .toLowerCase(Locale.ROOT);
    return (type.startsWith("text/") && !type.equals("text/event-stream"))
        || type.endsWith("+json")
        || type.endsWith("+xml")
        || APPLICATION.contains(type);
  }
}

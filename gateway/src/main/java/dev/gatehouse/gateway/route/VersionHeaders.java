package dev.gatehouse.gateway.route;

import dev.gatehouse.contract.edge.ApiVersions.ApiVersion;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** How a version of an API is told, to the upstream and to the client. */
final class VersionHeaders {
  /** Two digits for the day, where {@link DateTimeFormatter#RFC_1123_DATE_TIME} may have one. */
  private static final DateTimeFormatter HTTP_DATE =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private VersionHeaders() {}

  static HeaderEdits toUpstream(ApiVersion version, HeaderEdits edits) {
    return version.header().map(header -> edits.withSet(header, version.name())).orElse(edits);
  }

  /** {@code Deprecation} (RFC 9745) and {@code Sunset} (RFC 8594), with the links of both. */
  static HeaderEdits toClient(ApiVersion version, HeaderEdits edits) {
    HeaderEdits told = edits;
    if (version.deprecatedAt().isPresent()) {
      told = told.withSet("Deprecation", "@" + version.deprecatedAt().get().getEpochSecond());
      told = withLink(version, "deprecation", told);
    }
    if (version.sunsetAt().isPresent()) {
      told = told.withSet("Sunset", httpDate(version.sunsetAt().get()));
      told = withLink(version, "sunset", told);
    }
    return told;
  }

  private static HeaderEdits withLink(ApiVersion version, String relation, HeaderEdits edits) {
    return version
        .link()
        .map(link -> edits.withAdded("Link", "<" + link + ">; rel=\"" + relation + "\""))
        .orElse(edits);
  }

  /** RFC 9110 section 5.6.7. */
  private static String httpDate(Instant instant) {
    return HTTP_DATE.format(instant);
  }
}

package dev.gatehouse.controlplane.api;

import dev.gatehouse.contract.net.AddressRange;
import dev.gatehouse.contract.tenant.Hostname;
import io.vertx.json.schema.JsonFormatValidator;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Currency;
import java.util.IllformedLocaleException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The values of {@code format} in the document that mean more than a pattern can say. */
final class Formats implements JsonFormatValidator {
  /** What is expected of a {@code date-time}. */
  static final String TIME = "must be an RFC 3339 time such as 2030-01-01T00:00:00Z";

  private static final Pattern AUTHORITY =
      Pattern.compile(
          "(?:\\[(?<bracketed>[0-9A-Fa-f:.]+)]|(?<host>[^:\\[\\]]+))(?::(?<port>[0-9]{1,5}))?");

  /** In a token of a JSON pointer (RFC 6901 section 3). */
  private static final Pattern BROKEN_ESCAPE = Pattern.compile("~(?![01])");

  @Override
  public @Nullable String validateFormat(
      String instanceType, @Nullable String format, Object instance) {
    if (format == null || !(instance instanceof String text)) {
      return null;
    }
    if (format.startsWith(DurationRange.FORMAT)) {
      DurationRange range = DurationRange.parse(format);
      return range.holds(text) ? null : "must be an ISO 8601 " + range;
    }
    return switch (format) {
      case "iana-timezone" ->
          isTimezone(text) ? null : "must be an IANA time zone such as Europe/Berlin";
      case "language-tag" ->
          isLanguageTag(text) ? null : "must be a BCP 47 language tag such as de-CH";
      case "iso-currency" -> isCurrency(text) ? null : "must be an ISO 4217 code such as EUR";
      case "date-pattern" ->
          isDatePattern(text) ? null : "must be a Unicode date pattern such as yyyy-MM-dd";
      case "web-url" ->
          isWebUrl(text) ? null : "must be an absolute http or https URL without credentials";
      case "endpoint-host" -> isEndpointHost(text) ? null : "must be a host name or an IP address";
      case "authority" ->
          isAuthority(text) ? null : "must be a host name or an IP address, with or without a port";
      case "ip-range" -> ipRangeFault(text);
      case "claim-name" ->
          isClaimName(text) ? null : "must be the name of a claim or a JSON pointer into one";
      case "date-time" -> isInstant(text) ? null : TIME;
      default -> null;
    };
  }

  private static boolean isTimezone(String text) {
    // Offsets such as +02:00 parse as zones too, but are none of the database's names.
    return ZoneId.getAvailableZoneIds().contains(text);
  }

  private static boolean isLanguageTag(String text) {
    try {
      Locale locale = new Locale.Builder().setLanguageTag(text).build();
      return !locale.getLanguage().isEmpty();
    } catch (IllformedLocaleException _) {
      return false;
    }
  }

  private static boolean isCurrency(String text) {
    try {
      return Currency.getInstance(text).getCurrencyCode().equals(text);
    } catch (IllegalArgumentException _) {
      return false;
    }
  }

  private static boolean isDatePattern(String text) {
    try {
      var _ = DateTimeFormatter.ofPattern(text, Locale.ROOT);
      return true;
    } catch (IllegalArgumentException _) {
      return false;
    }
  }

  private static boolean isWebUrl(String text) {
    try {
      URI uri = new URI(text);
      String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
      return (scheme.equals("https") || scheme.equals("http"))
          && uri.getHost() != null
          && uri.getRawUserInfo() == null;
    } catch (URISyntaxException _) {
      return false;
    }
  }

  private static boolean isEndpointHost(String text) {
    if (Hostname.isValid(text)) {
      return true;
    }
    try {
      InetAddress.ofLiteral(text);
      return true;
    } catch (IllegalArgumentException _) {
      return false;
    }
  }

  private static boolean isAuthority(String text) {
    Matcher parts = AUTHORITY.matcher(text);
    if (!parts.matches()) {
      return false;
    }
    String bracketed = parts.group("bracketed");
    String port = parts.group("port");
    return isEndpointHost(bracketed == null ? parts.group("host") : bracketed)
        && (port == null || (Integer.parseInt(port) >= 1 && Integer.parseInt(port) <= 65_535));
  }

  /** Null if it is one. What was found is said by others. */
  private static @Nullable String ipRangeFault(String text) {
    try {
      var _ = AddressRange.parse(text);
      return null;
    } catch (IllegalArgumentException e) {
      String said = String.valueOf(e.getMessage());
      int found = said.lastIndexOf(", found ");
      String rule = found < 0 ? said : said.substring(0, found);
      return rule.startsWith("a range must ") ? rule.substring("a range ".length()) : rule;
    }
  }

  /** Not by one pattern: Java's are recursive, and a long text would be the end of the stack. */
  private static boolean isClaimName(String text) {
    if (text.isEmpty() || text.chars().anyMatch(c -> c < 0x20 || c == 0x7f)) {
      return false;
    }
    return !text.startsWith("/")
        || Stream.of(text.substring(1).split("/", -1))
            .noneMatch(token -> token.isEmpty() || BROKEN_ESCAPE.matcher(token).find());
  }

  private static boolean isInstant(String text) {
    try {
      // What is stored must come back as it was given: PostgreSQL keeps microseconds of four-digit
      // years.
      Instant instant = Instant.parse(text);
      int year = instant.atZone(java.time.ZoneOffset.UTC).getYear();
      return year >= 1970 && year <= 9999;
    } catch (DateTimeException _) {
      return false;
    }
  }
}

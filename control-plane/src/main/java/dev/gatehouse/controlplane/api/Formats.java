package dev.gatehouse.controlplane.api;

import dev.gatehouse.contract.tenant.Hostname;
import io.vertx.json.schema.JsonFormatValidator;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Currency;
import java.util.IllformedLocaleException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The values of {@code format} in the document that mean more than a pattern can say. */
final class Formats implements JsonFormatValidator {

  @Override
  public @Nullable String validateFormat(
      String instanceType, @Nullable String format, Object instance) {
    if (format == null || !(instance instanceof String text)) {
      return null;
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
      case "custom-host" -> Hostname.isValid(text) ? null : faultInHost(text);
      case "endpoint-host" ->
          isEndpointHost(text) ? null : "must be a host name or an IP address";
      case "timeout" ->
          isTimeout(text) ? null : "must be an ISO 8601 duration from PT0.001S to PT10M";
      case "instant" ->
          isInstant(text) ? null : "must be an RFC 3339 time such as 2030-01-01T00:00:00Z";
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
      DateTimeFormatter.ofPattern(text, Locale.ROOT);
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

  private static String faultInHost(String text) {
    try {
      Hostname.parse(text);
      return "";
    } catch (IllegalArgumentException e) {
      return String.valueOf(e.getMessage());
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

  private static boolean isTimeout(String text) {
    try {
      Duration duration = Duration.parse(text);
      return duration.compareTo(Duration.ofMillis(1)) >= 0
          && duration.compareTo(Duration.ofMinutes(10)) <= 0;
    } catch (DateTimeParseException _) {
      return false;
    }
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

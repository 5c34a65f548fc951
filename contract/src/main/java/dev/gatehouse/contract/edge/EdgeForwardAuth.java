package dev.gatehouse.contract.edge;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * The service of a tenant that decides about each request. It is asked with a GET that says in
 * {@code X-Forwarded-Method}, {@code -Proto}, {@code -Host}, {@code -Uri} and {@code -For} what is
 * asked for, and in {@code X-Tenant-Id} whose it is. 2xx lets the request in; what is not 2xx, 3xx,
 * 401 or 403 is a fault of the service.
 *
 * @param tenantId whose it is
 * @param url where it is asked
 * @param requestHeaders which of the request's headers it sees; {@code Authorization} and {@code
 *     Cookie} if absent
 * @param subjectHeader which header of its answer says who calls; {@code X-Auth-Subject} if absent
 * @param rolesHeader which says the caller's roles, with commas between; {@code X-Auth-Roles} if
 *     absent
 * @param scopesHeader which says what the caller's credential may be used for, with spaces between;
 *     {@code X-Auth-Scopes} if absent
 * @param timeout how long its answer may take; 1 s if absent
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record EdgeForwardAuth(
    UUID tenantId,
    String url,
    Optional<Set<String>> requestHeaders,
    Optional<String> subjectHeader,
    Optional<String> rolesHeader,
    Optional<String> scopesHeader,
    Optional<Duration> timeout)
    implements EdgeObject {
  /** The default of {@code requestHeaders}. */
  public static final Set<String> DEFAULT_REQUEST_HEADERS = Set.of("authorization", "cookie");

  /** The default of {@code timeout}. */
  public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(1);

  private static final int MAX_HEADERS = 20;
  private static final Duration LEAST_TIMEOUT = Duration.ofMillis(50);
  private static final Duration MOST_TIMEOUT = Duration.ofSeconds(10);
  private static final Pattern HEADER = Pattern.compile("[A-Za-z0-9-]{1,100}");

  /** What frames the question, or is said in it by the gateway. */
  private static final Set<String> NOT_ASKED =
      Set.of(
          "host",
          "connection",
          "content-length",
          "transfer-encoding",
          "te",
          "trailer",
          "upgrade",
          "expect");

  /**
   * @throws IllegalArgumentException if the URL is none that can be asked, a header has no name, or
   *     frames the question or is the gateway's to say, or a time is out of its range
   */
  public EdgeForwardAuth {
    HttpText.checkUrl("url", url);
    requestHeaders = requestHeaders.map(Set::copyOf);
    requestHeaders.ifPresent(EdgeForwardAuth::checkRequestHeaders);
    subjectHeader.ifPresent(name -> checkHeader("subjectHeader", name));
    rolesHeader.ifPresent(name -> checkHeader("rolesHeader", name));
    scopesHeader.ifPresent(name -> checkHeader("scopesHeader", name));
    timeout.ifPresent(time -> Range.check("timeout", time, LEAST_TIMEOUT, MOST_TIMEOUT));
  }

  private static void checkRequestHeaders(Set<String> names) {
    Range.check("size of requestHeaders", names.size(), 0, MAX_HEADERS);
    for (String name : names) {
      checkHeader("requestHeaders", name);
      String lower = name.toLowerCase(Locale.ROOT);
      if (NOT_ASKED.contains(lower)
          || lower.startsWith("x-tenant-")
          || lower.startsWith("x-forwarded-")) {
        throw new IllegalArgumentException(
            "requestHeaders cannot name " + name + ": the gateway says it itself");
      }
    }
  }

  private static void checkHeader(String what, String name) {
    if (!HEADER.matcher(name).matches()) {
      throw new IllegalArgumentException(
          what
              + " must be the name of a header: up to 100 letters, digits and hyphens, found \""
              + name
              + "\"");
    }
  }

  @Override
  public Kind kind() {
    return Kind.FORWARD_AUTH;
  }

  @Override
  public String key() {
    return tenantId.toString();
  }
}

package dev.gatehouse.controlplane.identity;

import dev.gatehouse.contract.net.AddressRange;
import dev.gatehouse.contract.tenant.Hostname;
import dev.gatehouse.controlplane.api.Fault;
import dev.gatehouse.controlplane.api.Problem;
import dev.gatehouse.controlplane.api.ProblemException;
import dev.gatehouse.egress.EgressPolicy;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * From where a tenant may have keys fetched. A host that is an address is held against the policy
 * here, so that its mistake is told to who makes it; a name is held against it by the gateways, at
 * each connection, since it can stand for another address the next moment.
 */
final class JwksUrlRules {
  private static final String PLACE = "/keys/jwksUrl";
  private static final String LOCALHOST = "localhost";

  /** What those who read {@code 127.1}, {@code 0x7f.1} or {@code 2130706433} take for IPv4. */
  private static final Pattern LIKE_IPV4 =
      Pattern.compile("(?:.*\\.)?(?:[0-9]+|0[xX][0-9a-fA-F]*)");

  /** The one way to write an IPv4 address that all read alike. */
  private static final Pattern IPV4 =
      Pattern.compile("(?:0|[1-9][0-9]{0,2})(?:\\.(?:0|[1-9][0-9]{0,2})){3}");

  private static final List<InetAddress> LOOPBACK =
      List.of(InetAddress.ofLiteral("127.0.0.1"), InetAddress.ofLiteral("::1"));

  private final EgressPolicy policy;

  JwksUrlRules(EgressPolicy policy) {
    this.policy = policy;
  }

  /**
   * Looks at a URL before it is kept. No name is looked up.
   *
   * @throws ProblemException {@code INVALID_BODY} if it is none that can be fetched from, {@code
   *     ADDRESS_NOT_ALLOWED} if nothing may be fetched from there
   */
  void check(String text) {
    URI url = parse(text);
    boolean clear = "http".equals(url.getScheme());
    boolean allowed =
        addressesOf(url.getHost(), text)
            .map(found -> found.stream().anyMatch(clear ? policy::allowsExpressly : policy::allows))
            .orElse(!clear);
    if (!allowed) {
      throw refused(
          Problem.ADDRESS_NOT_ALLOWED,
          clear
              ? "must be https, but at addresses that the operator allows"
              : "must lead to the public Internet, or to addresses that the operator allows",
          text);
    }
  }

  private static URI parse(String text) {
    String expected = "must be an https URL with a host, and without a user or a fragment";
    try {
      URI url = new URI(text);
      boolean web = "https".equals(url.getScheme()) || "http".equals(url.getScheme());
      boolean port = url.getPort() == -1 || (url.getPort() > 0 && url.getPort() <= 65_535);
      if (web
          && port
          && url.getHost() != null
          && url.getRawUserInfo() == null
          && url.getRawFragment() == null) {
        return url;
      }
    } catch (URISyntaxException _) {
      // Said below.
    }
    throw refused(Problem.INVALID_BODY, expected, text);
  }

  /** What the host certainly stands for; empty if it is a name that must be looked up. */
  private static Optional<List<InetAddress>> addressesOf(String host, String url) {
    if (host.startsWith("[")) {
      return Optional.of(List.of(address(host.substring(1, host.length() - 1), url)));
    }
    String lower = host.toLowerCase(Locale.ROOT);
    String name = lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
    if (IPV4.matcher(name).matches()) {
      return Optional.of(List.of(address(name, url)));
    }
    if (LIKE_IPV4.matcher(name).matches() || !Hostname.isValid(name)) {
      throw notAHost(url);
    }
    return name.equals(LOCALHOST) || name.endsWith("." + LOCALHOST)
        ? Optional.of(LOOPBACK)
        : Optional.empty();
  }

  private static InetAddress address(String literal, String url) {
    return AddressRange.addressOf(literal).orElseThrow(() -> notAHost(url));
  }

  private static ProblemException notAHost(String url) {
    return refused(
        Problem.INVALID_BODY,
        "must have a host name, an IPv4 address as four decimal numbers or an IPv6 address",
        url);
  }

  private static ProblemException refused(Problem problem, String expected, String url) {
    return new ProblemException(
        problem, List.of(Fault.at(PLACE, expected + ", found \"" + url + "\"")));
  }
}

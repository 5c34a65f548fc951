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
 * Where a tenant may send gateways: for keys, to log users in, to ask about tokens or requests. A
 * host that is an address is held against the policy here, so that its mistake is told to who makes
 * it; a name is held against it by the gateways, at each connection, since it can stand for another
 * address the next moment.
 */
public final class FetchUrlRules {
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

  /** Rules by this policy. */
  public FetchUrlRules(EgressPolicy policy) {
    this.policy = policy;
  }

  /**
   * Looks at a URL before it is kept. No name is looked up.
   *
   * @param place where the document has it, as a JSON pointer
   * @throws ProblemException {@code INVALID_BODY} if it is none that can be fetched from, {@code
   *     ADDRESS_NOT_ALLOWED} if nothing may be fetched from there
   */
  public void check(String place, String text) {
    Url found = new Url(place, text);
    URI url = found.parse();
    boolean clear = "http".equals(url.getScheme());
    boolean allowed =
        found
            .addressesOf(url.getHost())
            .map(all -> all.stream().anyMatch(clear ? policy::allowsExpressly : policy::allows))
            .orElse(!clear);
    if (!allowed) {
      throw found.refused(
          Problem.ADDRESS_NOT_ALLOWED,
          clear
              ? "must be https, but at addresses that the operator allows"
              : "must lead to the public Internet, or to addresses that the operator allows");
    }
  }

  /**
   * What is looked at.
   *
   * @param place where it stands
   */
  private record Url(String place, String text) {
    URI parse() {
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
      throw refused(
          Problem.INVALID_BODY,
          "must be an https URL with a host, and without a user or a fragment");
    }

    /** What the host certainly stands for; empty if it is a name that must be looked up. */
    Optional<List<InetAddress>> addressesOf(String host) {
      if (host.startsWith("[")) {
        return Optional.of(List.of(address(host.substring(1, host.length() - 1))));
      }
      String lower = host.toLowerCase(Locale.ROOT);
      String name = lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
      if (IPV4.matcher(name).matches()) {
        return Optional.of(List.of(address(name)));
      }
      if (LIKE_IPV4.matcher(name).matches() || !Hostname.isValid(name)) {
        throw notAHost();
      }
      return name.equals(LOCALHOST) || name.endsWith("." + LOCALHOST)
          ? Optional.of(LOOPBACK)
          : Optional.empty();
    }

    private InetAddress address(String literal) {
      return AddressRange.addressOf(literal).orElseThrow(this::notAHost);
    }

    private ProblemException notAHost() {
      return refused(
          Problem.INVALID_BODY,
          "must have a host name, an IPv4 address as four decimal numbers or an IPv6 address");
    }

    ProblemException refused(Problem problem, String expected) {
      return new ProblemException(
          problem, List.of(Fault.at(place, expected + ", found \"" + text + "\"")));
    }
  }
}

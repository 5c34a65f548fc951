package dev.gatehouse.controlplane.domain;

import dev.gatehouse.contract.net.AddressRange;
import dev.gatehouse.contract.tenant.Hostname;
import dev.gatehouse.egress.EgressPolicy;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * How the control of domains is proved.
 *
 * @param dnsServer the recursive DNS server to ask, an IP address with its port such as {@code
 *     192.0.2.53:53} (default: those of the system)
 * @param reservedHosts hosts that are the platform's, with everything below (default: none but the
 *     base domain)
 * @param target the host that tenants let their names lead to by CNAME (default: each tenant's
 *     subdomain)
 * @param addresses the IP addresses that tenants let names lead to that cannot have a CNAME, those
 *     of the gateways (default: none)
 * @param challengePort the port at which a host is asked for its challenge (default 80)
 * @param allowedRanges ranges of addresses in which hosts may be asked, and keys of identity
 *     providers be fetched, although they are not of the public Internet, such as {@code
 *     10.1.0.0/16} (default: none)
 * @param maxUnproved domains of a tenant that are not verified, at once (default 20)
 * @param checkPause how long after somebody asked for a look at a domain the next may (default 10
 *     s)
 * @param recheckEvery how long after one proof the next is asked for (default 1 d)
 * @param grace how long a verified domain is served on whose proof is missing (default 3 d)
 * @param keepOldSubdomain how long the subdomain that a renamed tenant had leads to its new one; 0
 *     for not at all (default 30 d)
 */
public record DomainConfig(
    Optional<String> dnsServer,
    List<String> reservedHosts,
    Optional<String> target,
    List<String> addresses,
    int challengePort,
    List<String> allowedRanges,
    int maxUnproved,
    Duration checkPause,
    Duration recheckEvery,
    Duration grace,
    Duration keepOldSubdomain) {
  /** Every setting at its default. */
  public static final DomainConfig DEFAULT =
      new DomainConfig(
          Optional.empty(),
          List.of(),
          Optional.empty(),
          List.of(),
          80,
          List.of(),
          20,
          Duration.ofSeconds(10),
          Duration.ofDays(1),
          Duration.ofDays(3),
          Duration.ofDays(30));

  /**
   * @throws IllegalArgumentException if a value is not what it must be
   */
  public DomainConfig {
    reservedHosts = List.copyOf(reservedHosts);
    addresses = List.copyOf(addresses);
    allowedRanges = List.copyOf(allowedRanges);
    dnsServer.ifPresent(DomainConfig::serverAddress);
    reservedHosts.forEach(host -> requireHost("reservedHosts", host));
    target.ifPresent(host -> requireHost("target", host));
    addresses.forEach(DomainConfig::requireAddress);
    allowedRanges.forEach(AddressRange::parse);
    requireBetween("challengePort", challengePort, 1, 65_535);
    requireBetween("maxUnproved", maxUnproved, 1, 1000);
    requirePositive("checkPause", checkPause);
    requirePositive("recheckEvery", recheckEvery);
    requirePositive("grace", grace);
    if (keepOldSubdomain.isNegative()) {
      throw new IllegalArgumentException(
          "keepOldSubdomain must not be negative, found " + keepOldSubdomain);
    }
  }

  /** Where to ask. */
  public Optional<InetSocketAddress> dnsServerAddress() {
    return dnsServer.map(DomainConfig::serverAddress);
  }

  /** From where proofs, and keys of identity providers, may be fetched. */
  public EgressPolicy egressPolicy() {
    return new EgressPolicy(allowedRanges.stream().map(AddressRange::parse).toList());
  }

  List<Hostname> reserved() {
    return Stream.concat(reservedHosts.stream(), target.stream()).map(Hostname::parse).toList();
  }

  private static InetSocketAddress serverAddress(String text) {
    int colon = text.lastIndexOf(':');
    try {
      InetAddress address = InetAddress.ofLiteral(text.substring(0, Math.max(colon, 0)));
      return new InetSocketAddress(address, Integer.parseInt(text.substring(colon + 1)));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "dnsServer must be an IP address with a port, such as 192.0.2.53:53, found \""
              + text
              + "\"",
          e);
    }
  }

  private static void requireAddress(String text) {
    try {
      InetAddress.ofLiteral(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "addresses must be IP addresses, found \"" + text + "\"", e);
    }
  }

  private static void requireHost(String setting, String text) {
    if (!Hostname.isValid(text)) {
      throw new IllegalArgumentException(setting + " must be host names, found \"" + text + "\"");
    }
  }

  private static void requireBetween(String setting, int found, int least, int most) {
    if (found < least || found > most) {
      throw new IllegalArgumentException(
          setting + " must be between " + least + " and " + most + ", found " + found);
    }
  }

  private static void requirePositive(String setting, Duration found) {
    if (!found.isPositive()) {
      throw new IllegalArgumentException(setting + " must be longer than 0, found " + found);
    }
  }
}

package dev.gatehouse.controlplane.domain;

import com.google.common.net.InternetDomainName;
import dev.gatehouse.contract.tenant.Hostname;
import java.util.List;
import java.util.Optional;

/**
 * Which names nobody may register, whoever controls them: the platform's own, those that belong to
 * everybody, and those that could be taken for others.
 *
 * @param baseDomain the platform's, with everything below
 * @param reserved more of them, each with everything below
 */
record HostRules(Hostname baseDomain, List<Hostname> reserved) {
  /**
   * Names that never lead to a public server (RFC 6761, RFC 6762, RFC 7686, RFC 9476, .internal).
   */
  private static final List<Hostname> SPECIAL =
      List.of(
          new Hostname("localhost"),
          new Hostname("local"),
          new Hostname("internal"),
          new Hostname("onion"),
          new Hostname("arpa"),
          new Hostname("alt"),
          new Hostname("invalid"));

  HostRules {
    reserved = List.copyOf(reserved);
  }

  /** Why the name cannot be a domain, as the end of a sentence; empty if it can. */
  Optional<String> refusal(DomainName name) {
    Hostname host = name.host();
    if (isIn(host, baseDomain)) {
      return Optional.of("belongs to the platform's base domain " + baseDomain);
    }
    if (reserved.stream().anyMatch(own -> isIn(host, own))) {
      return Optional.of("belongs to the platform");
    }
    if (name.wildcard() && covers(host, baseDomain)) {
      return Optional.of("would cover the platform's base domain " + baseDomain);
    }
    if (name.wildcard() && reserved.stream().anyMatch(own -> covers(host, own))) {
      return Optional.of("would cover a host of the platform");
    }
    if (host.value().indexOf('.') < 0) {
      return Optional.of("must have at least two labels");
    }
    if (endsInANumber(host)) {
      return Optional.of("must not be an IP address");
    }
    if (SPECIAL.stream().anyMatch(special -> isIn(host, special))) {
      return Optional.of("is a name for special use, which no public server has");
    }
    if (isPublicSuffix(host)) {
      return Optional.of("is a public suffix, under which anybody may have names");
    }
    return confusion(host);
  }

  /** Whether the name is one that a zone begins with: it cannot have a CNAME record (RFC 1912). */
  static boolean isApex(Hostname host) {
    if (!InternetDomainName.isValid(host.value())) {
      return false;
    }
    InternetDomainName name = InternetDomainName.from(host.value());
    // Top-level domains of private networks are on no list.
    return name.hasPublicSuffix() ? name.isTopPrivateDomain() : name.parts().size() == 2;
  }

  private Optional<String> confusion(Hostname host) {
    if (InternationalNames.isDeceptive(host)) {
      return Optional.of(
          "mixes scripts or holds characters that could be taken for others (UTS 39)");
    }
    return InternationalNames.looksLike(host, baseDomain)
        ? Optional.of("could be taken for the platform's base domain " + baseDomain)
        : Optional.empty();
  }

  private static boolean isIn(Hostname host, Hostname parent) {
    return host.equals(parent) || host.isBelow(parent);
  }

  /** Whether {@code *.parent} stands for the host. */
  private static boolean covers(Hostname parent, Hostname host) {
    return host.parent().filter(parent::equals).isPresent();
  }

  /** What clients read as an IPv4 address, in hexadecimal too (WHATWG URL, "ends in a number"). */
  private static boolean endsInANumber(Hostname host) {
    String last = host.value().substring(host.value().lastIndexOf('.') + 1);
    return last.matches("[0-9]+|0x[0-9a-f]*");
  }

  private static boolean isPublicSuffix(Hostname host) {
    return InternetDomainName.isValid(host.value())
        && InternetDomainName.from(host.value()).isPublicSuffix();
  }
}

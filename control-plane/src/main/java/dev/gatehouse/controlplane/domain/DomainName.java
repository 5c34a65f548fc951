package dev.gatehouse.controlplane.domain;

import dev.gatehouse.contract.tenant.Hostname;
import java.util.Optional;

/**
 * What a domain is registered for: one host, or every host one label below it.
 *
 * @param host the host; of a wildcard what stands behind {@code *.}
 * @param wildcard whether it is {@code *.host}
 */
record DomainName(Hostname host, boolean wildcard) {
  private static final String WILDCARD = "*.";
  private static final String CHALLENGE_LABEL = "_gatehouse-challenge.";

  /** The longest label before it: {@code *} must leave room for one. */
  private static final int ROOM_FOR_A_LABEL = 64;

  /**
   * Reads what {@link #toString()} gave.
   *
   * @throws IllegalArgumentException if it is another spelling
   */
  static DomainName ofNormal(String text) {
    return text.startsWith(WILDCARD)
        ? new DomainName(new Hostname(text.substring(WILDCARD.length())), true)
        : new DomainName(new Hostname(text), false);
  }

  /**
   * Reads what a person writes: Unicode, in any case, with or without a dot at its end (UTS 46).
   *
   * @throws IllegalArgumentException if it cannot be the name of a host; says why
   */
  static DomainName parse(String spelling) {
    boolean wildcard = spelling.startsWith(WILDCARD);
    String rest = wildcard ? spelling.substring(WILDCARD.length()) : spelling;
    Hostname host = InternationalNames.parse(rest);
    if (wildcard && host.value().length() > Hostname.MAX_LENGTH - ROOM_FOR_A_LABEL) {
      throw new IllegalArgumentException(
          "must leave room for a host below the wildcard, found \"" + spelling + "\"");
    }
    return new DomainName(host, wildcard);
  }

  /** The same as {@link #parse}, for a name that need not be there. */
  static Optional<DomainName> find(String spelling) {
    try {
      return Optional.of(parse(spelling));
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  /** The names, as they are kept, that lead its requests to whoever has them. */
  String[] coveredBy() {
    String host = toString();
    int dot = host.indexOf('.');
    return wildcard || dot < 0
        ? new String[] {host}
        : new String[] {host, WILDCARD + host.substring(dot + 1)};
  }

  /** Where the TXT record that proves its control must stand. */
  String challengeName() {
    return CHALLENGE_LABEL + host;
  }

  /** As it is shown to people. */
  String unicode() {
    return (wildcard ? WILDCARD : "") + InternationalNames.unicode(host);
  }

  @Override
  public String toString() {
    return (wildcard ? WILDCARD : "") + host;
  }
}

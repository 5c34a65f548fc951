package dev.gatehouse.controlplane.domain;

import dev.gatehouse.contract.tenant.Hostname;
import dev.gatehouse.controlplane.dns.DnsAnswer;
import dev.gatehouse.controlplane.dns.DnsClient;
import dev.gatehouse.controlplane.domain.Evidence.Finding;
import dev.gatehouse.egress.EgressClient;
import dev.gatehouse.egress.EgressException;
import java.net.InetAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Looks at a domain from outside: its TXT record, what it answers by HTTP, and where it leads. Asks
 * other servers and waits for them: call it on a virtual thread, and outside of a transaction.
 */
final class DomainVerifier {
  private static final int MAX_ADDRESSES_ASKED = 3;
  private static final int MAX_QUOTED = 3;
  private static final int MAX_EXCERPT = 100;
  private static final String NOT_PUBLIC = "an address that is not one of the public Internet";

  private final DnsClient dns;
  private final EgressClient http;
  private final DomainConfig config;

  DomainVerifier(DnsClient dns, EgressClient http, DomainConfig config) {
    this.dns = dns;
    this.http = http;
    this.config = config;
  }

  /**
   * Looks for all that says something of the claim.
   *
   * @param target where the tenant's hosts are to lead
   * @param byDnsOnly whether an answer of the host itself proves nothing
   */
  Evidence examine(Domain domain, Hostname target, boolean byDnsOnly) {
    Finding record = record(domain);
    if (domain.name().wildcard()) {
      return new Evidence(record, new Finding.Skipped(), new Finding.Skipped());
    }
    Hostname host = domain.name().host();
    DnsAnswer addresses = dns.addresses(host.value());
    Finding pointing = pointing(host, addresses, target);
    boolean needed = !byDnsOnly && !(record instanceof Finding.Right);
    return new Evidence(
        record, needed ? answer(domain, addresses) : new Finding.Skipped(), pointing);
  }

  private Finding record(Domain domain) {
    String name = domain.name().challengeName();
    String expected = "expected a TXT record " + name + " with the value " + domain.token() + ".";
    return switch (dns.texts(name)) {
      case DnsAnswer.Records(List<String> texts)
          when texts.stream().map(String::strip).anyMatch(domain.token()::equals) ->
          new Finding.Right();
      case DnsAnswer.Records(List<String> texts) ->
          new Finding.Wrong("The DNS has " + quoted(texts) + " there, " + expected);
      case DnsAnswer.Nothing() -> new Finding.Wrong("The DNS has nothing there, " + expected);
      case DnsAnswer.NoAnswer(String reason) ->
          new Finding.Unknown("The DNS could not be asked for " + name + ": " + reason + ".");
    };
  }

  private Finding answer(Domain domain, DnsAnswer addresses) {
    return switch (addresses) {
      case DnsAnswer.Records(List<String> texts) -> firstAnswer(domain, texts);
      case DnsAnswer.Nothing() ->
          new Finding.Wrong("The host " + domain.name().host() + " has no address.");
      case DnsAnswer.NoAnswer(String reason) ->
          new Finding.Unknown(
              "The DNS could not be asked for " + domain.name().host() + ": " + reason + ".");
    };
  }

  /** All addresses must be allowed, or none is asked: a name has no business leading to both. */
  private Finding firstAnswer(Domain domain, List<String> addresses) {
    if (!arePublic(addresses)) {
      return new Finding.Wrong(
          "The host " + domain.name().host() + " leads to " + NOT_PUBLIC + ".");
    }
    Finding last = new Finding.Skipped();
    for (String address : addresses.stream().limit(MAX_ADDRESSES_ASKED).toList()) {
      last = answerOf(domain, InetAddress.ofLiteral(address));
      if (last instanceof Finding.Right) {
        return last;
      }
    }
    return last;
  }

  private Finding answerOf(Domain domain, InetAddress address) {
    String host = domain.name().host().value();
    String expected = domain.challenge().answer();
    try {
      // One byte more than is expected shows that there is more.
      EgressClient.Fetched fetched =
          http.get(address, challengeUrl(domain), expected.length() + 2).await();
      if (fetched.status() == 200 && fetched.body().strip().equals(expected)) {
        return new Finding.Right();
      }
      return new Finding.Wrong(
          "http://"
              + host
              + domain.challengePath()
              + " answers "
              + fetched.status()
              + (fetched.status() == 200 ? " with another text" : "")
              + ", expected 200 with the text "
              + expected
              + ".");
    } catch (EgressException e) {
      return new Finding.Unknown(e.getMessage() + ".");
    }
  }

  private URI challengeUrl(Domain domain) {
    return URI.create(
        "http://"
            + domain.name().host().value()
            + ":"
            + config.challengePort()
            + domain.challengePath());
  }

  private Finding pointing(Hostname host, DnsAnswer addresses, Hostname target) {
    return switch (addresses) {
      case DnsAnswer.Nothing() ->
          new Finding.Wrong(
              "The host "
                  + host
                  + " has no address any more, expected it to lead to "
                  + target
                  + ".");
      case DnsAnswer.NoAnswer(String reason) ->
          new Finding.Unknown("The DNS could not be asked for " + host + ": " + reason + ".");
      case DnsAnswer.Records(List<String> found) -> compared(host, found, target);
    };
  }

  private Finding compared(Hostname host, List<String> found, Hostname target) {
    List<String> ours = new ArrayList<>(config.addresses());
    DnsAnswer ofTarget = dns.addresses(target.value());
    if (ofTarget instanceof DnsAnswer.Records(List<String> more)) {
      ours.addAll(more);
    } else if (ofTarget instanceof DnsAnswer.NoAnswer(String reason)) {
      return new Finding.Unknown("The DNS could not be asked for " + target + ": " + reason + ".");
    }
    if (ours.isEmpty()) {
      return new Finding.Unknown("The platform's own host " + target + " has no address.");
    }
    boolean leadsHere =
        addresses(found).anyMatch(address -> addresses(ours).anyMatch(address::equals));
    return leadsHere
        ? new Finding.Right()
        : new Finding.Wrong(
            "The host "
                + host
                + " leads to "
                + publicOnes(found)
                + ", expected it to lead to "
                + target
                + ".");
  }

  /** What the platform's own network is like is nobody's business. */
  private String publicOnes(List<String> addresses) {
    return arePublic(addresses) ? quoted(addresses) : NOT_PUBLIC;
  }

  private boolean arePublic(List<String> addresses) {
    return addresses(addresses).allMatch(config.egressPolicy()::allows);
  }

  private static Stream<InetAddress> addresses(List<String> texts) {
    return texts.stream().map(InetAddress::ofLiteral);
  }

  /** What strangers have written is shown in part, and without what a terminal would act on. */
  private static String quoted(List<String> texts) {
    String shown =
        texts.stream()
            .limit(MAX_QUOTED)
            .map(text -> text.substring(0, Math.min(text.length(), MAX_EXCERPT)))
            .map(text -> "\"" + text.replaceAll("\\P{Print}", "?") + "\"")
            .collect(Collectors.joining(", "));
    int more = texts.size() - MAX_QUOTED;
    return more > 0 ? shown + " and " + more + " more" : shown;
  }
}

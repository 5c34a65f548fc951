package dev.gatehouse.controlplane.customerkey;

import dev.gatehouse.contract.net.AddressRange;
import dev.gatehouse.controlplane.dns.DnsAnswer;
import dev.gatehouse.controlplane.dns.DnsClient;
import dev.gatehouse.egress.EgressPolicy;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/** What hosts that tenants name stand for: all of it must be allowed, or nothing is asked. */
final class PublicAddresses implements TransitEngine.Addresses {
  private final DnsClient dns;
  private final EgressPolicy policy;

  PublicAddresses(DnsClient dns, EgressPolicy policy) {
    this.dns = dns;
    this.policy = policy;
  }

  @Override
  public List<InetAddress> of(String host) throws KeyServiceException {
    String bare = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    Optional<InetAddress> literal = AddressRange.addressOf(bare);
    List<InetAddress> found = literal.isPresent() ? List.of(literal.get()) : lookedUp(host);
    if (!found.stream().allMatch(policy::allows)) {
      throw KeyServiceException.refused("the service leads to an address that is not allowed");
    }
    return found;
  }

  private List<InetAddress> lookedUp(String host) throws KeyServiceException {
    return switch (dns.addresses(host)) {
      case DnsAnswer.Records(List<String> texts) ->
          texts.stream().map(InetAddress::ofLiteral).toList();
      case DnsAnswer.Nothing() ->
          throw KeyServiceException.unreachable("the service has no address");
      case DnsAnswer.NoAnswer(String reason) ->
          throw KeyServiceException.unreachable("the DNS could not be asked: " + reason);
    };
  }
}

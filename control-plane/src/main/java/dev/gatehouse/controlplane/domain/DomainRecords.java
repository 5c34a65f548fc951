package dev.gatehouse.controlplane.domain;

import dev.gatehouse.contract.tenant.Hostname;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;

/**
 * What a tenant must set where its name is registered: what proves its control, and what leads the
 * host to the platform.
 *
 * @param target where CNAME records lead
 * @param addresses where the records of a name lead that cannot have a CNAME
 */
record DomainRecords(Hostname target, List<String> addresses) {
  private static final int TTL_SECONDS = 300;

  /** A record of the DNS, to be copied. */
  private record DnsRecord(String purpose, String type, String name, String value) {
    JsonObject toJson() {
      return new JsonObject()
          .put("purpose", purpose)
          .put("type", type)
          .put("name", name)
          .put("value", value);
    }

    /** As a zone file has it (RFC 1035 section 5). */
    String toLine() {
      String data =
          switch (type) {
            case "TXT" -> "\"" + value + "\"";
            case "CNAME", "ALIAS" -> value + ".";
            default -> value;
          };
      return name + ". " + TTL_SECONDS + " IN " + type + " " + data;
    }
  }

  /** Adds them to a domain. */
  JsonObject addTo(JsonObject json, Domain domain) {
    List<DnsRecord> records = recordsOf(domain);
    json.put("records", new JsonArray(records.stream().map(DnsRecord::toJson).toList()))
        .put("zoneFile", String.join("\n", records.stream().map(DnsRecord::toLine).toList()));
    if (!domain.name().wildcard() && !domain.ownership().isTrusted()) {
      json.put(
          "httpProof",
          new JsonObject()
              .put("url", "http://" + domain.name().host() + domain.challengePath())
              .put("body", domain.challenge().answer()));
    }
    return json;
  }

  private List<DnsRecord> recordsOf(Domain domain) {
    List<DnsRecord> records = new ArrayList<>();
    if (!domain.ownership().isTrusted()) {
      records.add(new DnsRecord("ownership", "TXT", domain.name().challengeName(), domain.token()));
    }
    String name = domain.name().toString();
    boolean apex = !domain.name().wildcard() && HostRules.isApex(domain.name().host());
    if (apex && !addresses.isEmpty()) {
      addresses.forEach(
          address -> records.add(new DnsRecord("traffic", typeOf(address), name, address)));
    } else {
      // Where a zone begins, a CNAME is not allowed; many providers have an ALIAS for that.
      records.add(new DnsRecord("traffic", apex ? "ALIAS" : "CNAME", name, target.value()));
    }
    return records;
  }

  private static String typeOf(String address) {
    return InetAddress.ofLiteral(address) instanceof Inet4Address ? "A" : "AAAA";
  }
}

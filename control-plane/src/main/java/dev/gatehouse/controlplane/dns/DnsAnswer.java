package dev.gatehouse.controlplane.dns;

import java.util.List;

/** What the DNS says of a name. */
public sealed interface DnsAnswer {
  /**
   * There are such records.
   *
   * @param values of a TXT record its strings as one, of an A or AAAA record the address; never
   *     empty
   */
  record Records(List<String> values) implements DnsAnswer {
    public Records {
      values = List.copyOf(values);
    }
  }

  /** There is no such record: the servers of the zone say so. */
  record Nothing() implements DnsAnswer {}

  /**
   * Nobody can tell at the moment, and a later question may be answered.
   *
   * @param reason in words, as a part of a sentence
   */
  record NoAnswer(String reason) implements DnsAnswer {}
}

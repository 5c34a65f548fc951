package dev.gatehouse.loadtests.bench;

import dev.gatehouse.loadtests.tenants.SyntheticTenants;
import java.nio.charset.StandardCharsets;

/** The hosts of tenants, one after the other and from the start again, each as a new string. */
final class HostSource {
  /** Two hosts in a cache line, so that reading them costs the same wherever they are. */
  private static final int BYTES_PER_HOST = 32;

  private final byte[] hosts;
  private int next;

  /**
   * @param turns numbers of tenants, in their order
   */
  HostSource(int[] turns) {
    hosts = new byte[turns.length * BYTES_PER_HOST];
    for (int turn = 0; turn < turns.length; turn++) {
      byte[] host = SyntheticTenants.host(turns[turn]).getBytes(StandardCharsets.ISO_8859_1);
      int begin = turn * BYTES_PER_HOST;
      hosts[begin] = (byte) host.length;
      System.arraycopy(host, 0, hosts, begin + 1, host.length);
    }
  }

  String next() {
    int begin = next;
    next = begin + BYTES_PER_HOST == hosts.length ? 0 : begin + BYTES_PER_HOST;
    return new String(hosts, begin + 1, hosts[begin], StandardCharsets.ISO_8859_1);
  }
}

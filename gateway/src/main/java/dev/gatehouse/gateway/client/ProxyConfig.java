package dev.gatehouse.gateway.client;

import dev.gatehouse.contract.net.AddressRange;
import java.util.List;

/**
 * The proxies before a listener.
 *
 * @param trusted addresses and ranges whose word is taken (default none)
 * @param header where they say for whom they ask (default {@link AddressHeader#DEFAULT})
 * @param protocol whether they begin connections with a PROXY protocol header (default {@link
 *     ProxyProtocol#DEFAULT})
 */
public record ProxyConfig(
    List<AddressRange> trusted, AddressHeader header, ProxyProtocol protocol) {
  /** No proxies. */
  public static final ProxyConfig DEFAULT =
      new ProxyConfig(List.of(), AddressHeader.DEFAULT, ProxyProtocol.DEFAULT);

  /**
   * @throws IllegalArgumentException if the PROXY protocol is required of nobody
   */
  public ProxyConfig {
    trusted = List.copyOf(trusted);
    if (protocol == ProxyProtocol.REQUIRED && trusted.isEmpty()) {
      throw new IllegalArgumentException(
          "protocol: required needs at least one address in trusted, found none");
    }
  }
}

package dev.gatehouse.gateway.client;

/** Whether connections begin with the header of the PROXY protocol, version 1 or 2. */
public enum ProxyProtocol {
  /** They begin with the request, or with TLS. */
  OFF,
  /** They all begin with the header, and all come from trusted proxies. */
  REQUIRED;

  /** Where nothing is said. */
  public static final ProxyProtocol DEFAULT = OFF;
}

package dev.gatehouse.gateway.tls;

import io.netty.handler.ssl.SslContext;

/**
 * What TLS does for the name that a client asks for. Asked once for every connection, so that a
 * change holds for the next one. Any thread; never blocks.
 */
public interface ServerNames {
  /**
   * Whether something is to be done for a name that is not done for all others.
   *
   * @param name in lower case; whatever the client sent
   */
  boolean knows(String name);

  /** How connections are secured that ask for a name that is known. */
  SslContext contextOf(String name);

  /** How all others are secured, also those that ask for no name. */
  SslContext defaultContext();
}

package dev.gatehouse.gateway.tls;

import io.netty.handler.ssl.DelegatingSslContext;
import io.netty.handler.ssl.SslContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;

/**
 * Has the application protocol (ALPN, RFC 7301) chosen before the certificate, so that the latter
 * can depend on it. Netty's own choice comes too late for that: it sets a selector, which the JDK
 * asks when it has the certificate; a list, it looks at before.
 */
final class ProtocolFirst extends DelegatingSslContext {
  private final String[] protocols;

  /**
   * @param protocols in the order of preference
   */
  ProtocolFirst(SslContext context, String... protocols) {
    super(context);
    this.protocols = protocols.clone();
  }

  @Override
  @SuppressWarnings("NullAway") // Null is how a selector is taken away.
  protected void initEngine(SSLEngine engine) {
    SSLParameters parameters = engine.getSSLParameters();
    parameters.setApplicationProtocols(protocols);
    engine.setSSLParameters(parameters);
    engine.setHandshakeApplicationProtocolSelector(null);
  }
}

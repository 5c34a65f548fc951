package dev.gatehouse.gateway.tls;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ApplicationProtocolNegotiator;
import io.netty.handler.ssl.SslContext;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSessionContext;
import org.jspecify.annotations.Nullable;

/** Stands for the context that a name has at the moment. */
final class NamedContext extends SslContext {
  private final ServerNames names;
  private final @Nullable String name;

  /**
   * @param name null for connections that ask for none, or for one that is unknown
   */
  NamedContext(ServerNames names, @Nullable String name) {
    this.names = names;
    this.name = name;
  }

  private SslContext current() {
    return name == null ? names.defaultContext() : names.contextOf(name);
  }

  @Override
  public SSLEngine newEngine(ByteBufAllocator alloc) {
    return current().newEngine(alloc);
  }

  @Override
  public SSLEngine newEngine(ByteBufAllocator alloc, String peerHost, int peerPort) {
    return current().newEngine(alloc, peerHost, peerPort);
  }

  @Override
  public boolean isClient() {
    return false;
  }

  @Override
  public List<String> cipherSuites() {
    return current().cipherSuites();
  }

  @Override
  @SuppressWarnings("deprecation") // It must be there.
  public ApplicationProtocolNegotiator applicationProtocolNegotiator() {
    return current().applicationProtocolNegotiator();
  }

  @Override
  public SSLSessionContext sessionContext() {
    return current().sessionContext();
  }
}

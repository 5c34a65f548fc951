package dev.gatehouse.gateway.tls;

import dev.gatehouse.gateway.authenticate.cache.TokenDigest;
import dev.gatehouse.gateway.authenticate.certificate.Thumbprint;
import io.netty.handler.ssl.SslHandler;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.net.impl.ConnectionBase;
import java.security.cert.Certificate;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

/**
 * The certificates that came with a client's connection. That the client has the key of the first
 * is proved; nothing else is. Immutable; any thread.
 */
public final class PeerCertificates {
  /** Of a connection in the clear. */
  public static final PeerCertificates NONE = new PeerCertificates(List.of(), Asked.IN_THE_CLEAR);

  /** Where they are kept once somebody has asked for them. */
  private static final String IN_SESSION = PeerCertificates.class.getName();

  private final List<X509Certificate> chain;
  private final Asked asked;
  private final Optional<TokenDigest> digest;
  private final Optional<Thumbprint> thumbprint;

  private enum Asked {
    IN_THE_CLEAR,
    NO,
    YES
  }

  private PeerCertificates(List<X509Certificate> chain, Asked asked) {
    this.chain = List.copyOf(chain);
    this.asked = asked;
    try {
      List<byte[]> encoded = new ArrayList<>();
      for (X509Certificate certificate : chain) {
        encoded.add(certificate.getEncoded());
      }
      this.digest = chain.isEmpty() ? Optional.empty() : Optional.of(TokenDigest.of(encoded));
      this.thumbprint = encoded.stream().findFirst().map(Thumbprint::of);
    } catch (CertificateEncodingException e) {
      throw new IllegalStateException("what came as DER can be written as DER", e);
    }
  }

  /** Those of a connection. Found out at the first question of a TLS session, and kept with it. */
  public static PeerCertificates of(HttpConnection connection) {
    SslHandler handler = ((ConnectionBase) connection).channel().pipeline().get(SslHandler.class);
    return handler == null ? NONE : of(handler.engine());
  }

  private static PeerCertificates of(SSLEngine engine) {
    SSLSession session = engine.getSession();
    if (session.getValue(IN_SESSION) instanceof PeerCertificates known) {
      return known;
    }
    PeerCertificates found =
        new PeerCertificates(chainOf(session), engine.getWantClientAuth() ? Asked.YES : Asked.NO);
    session.putValue(IN_SESSION, found);
    return found;
  }

  private static List<X509Certificate> chainOf(SSLSession session) {
    try {
      List<X509Certificate> chain = new ArrayList<>();
      for (Certificate certificate : session.getPeerCertificates()) {
        chain.add((X509Certificate) certificate);
      }
      return chain;
    } catch (SSLPeerUnverifiedException _) {
      // It showed none.
      return List.of();
    }
  }

  /** The client's own, and those that it sent to lead to its authority; empty if it has none. */
  public List<X509Certificate> chain() {
    return chain;
  }

  /** SHA-256 of the whole chain; empty if there is none. */
  public Optional<TokenDigest> digest() {
    return digest;
  }

  /** Of the client's own certificate. */
  public Optional<Thumbprint> thumbprint() {
    return thumbprint;
  }

  /**
   * Whether the connection is one of TLS whose client was not asked for a certificate, as it was
   * begun for another host, or before the tenant let callers prove themselves so. A new connection
   * would ask.
   */
  public boolean wereNotAskedFor() {
    return asked == Asked.NO;
  }
}

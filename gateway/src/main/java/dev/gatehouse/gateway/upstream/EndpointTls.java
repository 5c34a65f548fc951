package dev.gatehouse.gateway.upstream;

import dev.gatehouse.contract.edge.EdgeService;
import dev.gatehouse.contract.edge.EdgeService.Endpoint;
import dev.gatehouse.contract.edge.UpstreamTls;
import dev.gatehouse.contract.tls.CertificateAndKey;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.ClientSSLOptions;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.TrustOptions;
import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * How the endpoints of one service are spoken to where they speak TLS: whom they are asked for,
 * which authorities may vouch for them, and what the gateway shows of itself. Immutable; any
 * thread.
 */
public final class EndpointTls {
  private final Optional<String> serverName;
  private final @Nullable ClientSSLOptions proofs;

  private EndpointTls(Optional<String> serverName, @Nullable ClientSSLOptions proofs) {
    this.serverName = serverName;
    this.proofs = proofs;
  }

  /**
   * For a service; some of the work of a handshake, so make it once.
   *
   * @param trust the authorities of services that do not name any; those of the JDK if empty
   * @param overAlpn whether the protocol is agreed upon in the handshake
   * @param handshakeTimeout how long a handshake may take
   */
  public static EndpointTls of(
      EdgeService service,
      Optional<TrustOptions> trust,
      boolean overAlpn,
      Duration handshakeTimeout) {
    UpstreamTls tls = service.tls().orElse(null);
    if (tls == null) {
      return new EndpointTls(Optional.empty(), null);
    }
    ClientSSLOptions options =
        new ClientSSLOptions()
            .setUseAlpn(overAlpn)
            .setSslHandshakeTimeout(handshakeTimeout.toMillis())
            .setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS);
    trust.ifPresent(options::setTrustOptions);
    if (tls.trust().isPresent()) {
      options.setTrustOptions(trusting(tls.authorities()));
    }
    tls.clientCertificate()
        .map(UpstreamTls.ClientCertificate::read)
        .ifPresent(shown -> options.setKeyCertOptions(KeyCertOptions.wrap(new Shown(shown))));
    return new EndpointTls(tls.serverName(), options);
  }

  /** Says in a request how its endpoint is spoken to. */
  public void apply(RequestOptions request, Endpoint endpoint) {
    request.setPort(endpoint.port()).setSsl(endpoint.tls());
    if (!endpoint.tls()) {
      request.setHost(endpoint.host());
      return;
    }
    request.setHost(serverName.orElse(endpoint.host()));
    if (proofs != null) {
      request.setSslOptions(proofs);
    }
  }

  /** What vouches for endpoints; the same for each connection, and equal to no other. */
  static TrustOptions trusting(Collection<? extends Certificate> authorities) {
    try {
      KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      for (Certificate authority : authorities) {
        store.setCertificateEntry("authority-" + store.size(), authority);
      }
      TrustManagerFactory factory =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      factory.init(store);
      return TrustOptions.wrap(factory.getTrustManagers()[0]);
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("nothing is read but what is in memory", e);
    }
  }

  /**
   * Shows its one certificate to whoever asks for one, whatever authorities they say they know: a
   * service that does not take it says so in the handshake, which is easier to find than a
   * connection without one.
   */
  @SuppressWarnings("NullAway") // Null is how a key manager says that it has nothing.
  private static final class Shown extends X509ExtendedKeyManager {
    private static final String ALIAS = "gateway";

    private final X509Certificate[] chain;
    private final PrivateKey key;

    Shown(CertificateAndKey certificate) {
      this.chain = certificate.chain().toArray(X509Certificate[]::new);
      this.key = certificate.key();
    }

    @Override
    public @Nullable String chooseEngineClientAlias(
        String[] keyTypes, Principal @Nullable [] issuers, SSLEngine engine) {
      for (String keyType : keyTypes) {
        if (keyType.equalsIgnoreCase(key.getAlgorithm())) {
          return ALIAS;
        }
      }
      return null;
    }

    @Override
    public @Nullable String chooseClientAlias(
        String[] keyTypes, Principal @Nullable [] issuers, Socket socket) {
      return null;
    }

    @Override
    public X509Certificate @Nullable [] getCertificateChain(String alias) {
      return chain.clone();
    }

    @Override
    public @Nullable PrivateKey getPrivateKey(String alias) {
      return key;
    }

    @Override
    public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
      return null;
    }

    @Override
    public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
      return null;
    }

    @Override
    public @Nullable String chooseServerAlias(
        String keyType, Principal @Nullable [] issuers, Socket socket) {
      return null;
    }
  }
}

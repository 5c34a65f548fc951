package dev.gatehouse.gateway.tls;

import static io.netty.handler.ssl.ApplicationProtocolNames.HTTP_1_1;
import static io.netty.handler.ssl.ApplicationProtocolNames.HTTP_2;

import dev.gatehouse.contract.edge.AuthenticationMethod;
import dev.gatehouse.contract.edge.EdgeAcmeChallenge;
import dev.gatehouse.contract.tenant.TenantStatus;
import dev.gatehouse.contract.tls.CertificateAndKey;
import dev.gatehouse.gateway.directory.LiveDirectory;
import dev.gatehouse.gateway.directory.TenantDirectory;
import dev.gatehouse.gateway.directory.TenantHost;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLException;

/**
 * Shows each host's own certificate (see {@link HostKeys}), and asks clients for one at the hosts
 * of tenants that allow {@code client-certificate}, and at no other: a browser would ask its user
 * which one to show. None is required, for a tenant may allow other ways beside it.
 *
 * <p>There are few contexts for all hosts, each with sessions of its own: one that was begun where
 * nobody was asked is not resumed where somebody would be, nor the other way round. A session that
 * is resumed at another asking host, which by TLS 1.2 can happen, brings its certificate along; it
 * is looked at by the tenant of each request, and its key was proved.
 */
public final class TenantServerNames implements ServerNames {
  /**
   * For so long a session may be resumed that a certificate came with: then its key must be proved
   * again. The certificate itself is looked at with every request.
   */
  private static final long ASKING_SESSION_SECONDS = TimeUnit.HOURS.toSeconds(1);

  /** What browsers of today speak, and nothing that is not authenticated encryption (RFC 9325). */
  private static final List<String> CIPHER_SUITES =
      List.of(
          "TLS_AES_128_GCM_SHA256",
          "TLS_AES_256_GCM_SHA384",
          "TLS_CHACHA20_POLY1305_SHA256",
          "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
          "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
          "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
          "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
          "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
          "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256");

  private static final String[] PROTOCOLS_WHEN_CHALLENGED = {
    EdgeAcmeChallenge.TLS_ALPN_PROTOCOL, HTTP_2, HTTP_1_1
  };

  private final LiveDirectory directory;
  private final KeyManager keys;
  private volatile Contexts contexts;

  /**
   * @param otherwise the certificate of hosts that have none of their own
   * @throws SSLException if it cannot be used
   */
  public TenantServerNames(LiveDirectory directory, CertificateAndKey otherwise)
      throws SSLException {
    this.directory = directory;
    this.keys = new HostKeys(directory, otherwise);
    this.contexts = newContexts(keys);
  }

  /**
   * New contexts, with new keys for session tickets: what was sealed with the keys of before opens
   * nothing any more, and its client makes a full handshake. Open connections stay. Any thread;
   * takes some milliseconds.
   *
   * @throws SSLException never for a certificate that was used before
   */
  public void rotateTicketKeys() throws SSLException {
    contexts = newContexts(keys);
  }

  private static Contexts newContexts(KeyManager keys) throws SSLException {
    return new Contexts(
        builder(keys, alpn(HTTP_2, HTTP_1_1)).build(),
        builder(keys, alpn(HTTP_2, HTTP_1_1))
            .clientAuth(ClientAuth.OPTIONAL)
            .trustManager(new AnyIssuer())
            .sessionTimeout(ASKING_SESSION_SECONDS)
            .build(),
        new ProtocolFirst(
            builder(keys, alpn(PROTOCOLS_WHEN_CHALLENGED)).build(), PROTOCOLS_WHEN_CHALLENGED));
  }

  private static SslContextBuilder builder(KeyManager keys, ApplicationProtocolConfig alpn) {
    return SslContextBuilder.forServer(keys)
        .sslProvider(SslProvider.JDK)
        .protocols("TLSv1.3", "TLSv1.2")
        .ciphers(CIPHER_SUITES, SupportedCipherSuiteFilter.INSTANCE)
        .applicationProtocolConfig(alpn);
  }

  private static ApplicationProtocolConfig alpn(String... protocols) {
    return new ApplicationProtocolConfig(
        Protocol.ALPN,
        SelectorFailureBehavior.FATAL_ALERT,
        SelectedListenerFailureBehavior.FATAL_ALERT,
        protocols);
  }

  @Override
  public boolean knows(String name) {
    TenantDirectory current = directory.current();
    return current.byHost(name) != null || isChallenged(current, name);
  }

  @Override
  public SslContext contextOf(String name) {
    TenantDirectory current = directory.current();
    if (isChallenged(current, name)) {
      return contexts.challenged;
    }
    TenantHost host = current.byHost(name);
    return host != null && asksFor(host) ? contexts.asking : contexts.silent;
  }

  /** For the moments in which an authority may ask, clients are asked for nothing. */
  private static boolean isChallenged(TenantDirectory current, String name) {
    return current.acmeChallenges().certificateOf(name) != null;
  }

  @Override
  public SslContext defaultContext() {
    return contexts.silent;
  }

  private static boolean asksFor(TenantHost host) {
    return host.status() == TenantStatus.ACTIVE
        && !host.redirected()
        && host.tenant().allows(AuthenticationMethod.CLIENT_CERTIFICATE);
  }

  /**
   * @param silent asks clients for nothing
   * @param asking asks them for a certificate
   * @param challenged shows an authority the answer to its challenge
   */
  private record Contexts(SslContext silent, SslContext asking, SslContext challenged) {}
}

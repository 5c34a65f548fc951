package dev.gatehouse.gateway.tls;

import dev.gatehouse.contract.edge.AuthenticationMethod;
import dev.gatehouse.contract.tenant.TenantStatus;
import dev.gatehouse.gateway.directory.LiveDirectory;
import dev.gatehouse.gateway.directory.TenantHost;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLException;

/**
 * Asks clients for a certificate at the hosts of tenants that allow {@code client-certificate}, and
 * at no other: a browser would ask its user which one to show. None is required, for a tenant may
 * allow other ways beside it.
 *
 * <p>There are two contexts for all hosts, each with sessions of its own: one that was begun where
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

  private static final ApplicationProtocolConfig ALPN =
      new ApplicationProtocolConfig(
          Protocol.ALPN,
          SelectorFailureBehavior.FATAL_ALERT,
          SelectedListenerFailureBehavior.FATAL_ALERT,
          ApplicationProtocolNames.HTTP_2,
          ApplicationProtocolNames.HTTP_1_1);

  private final LiveDirectory directory;
  private final SslContext silent;
  private final SslContext asking;

  /**
   * @param keys the certificate of all hosts
   * @throws SSLException if it cannot be used
   */
  public TenantServerNames(LiveDirectory directory, KeyManagerFactory keys) throws SSLException {
    this.directory = directory;
    this.silent = builder(keys).build();
    this.asking =
        builder(keys)
            .clientAuth(ClientAuth.OPTIONAL)
            .trustManager(new AnyIssuer())
            .sessionTimeout(ASKING_SESSION_SECONDS)
            .build();
  }

  private static SslContextBuilder builder(KeyManagerFactory keys) {
    return SslContextBuilder.forServer(keys)
        .sslProvider(SslProvider.JDK)
        .applicationProtocolConfig(ALPN);
  }

  @Override
  public boolean knows(String name) {
    return directory.current().byHost(name) != null;
  }

  @Override
  public SslContext contextOf(String name) {
    TenantHost host = directory.current().byHost(name);
    return host != null && asksFor(host) ? asking : silent;
  }

  @Override
  public SslContext defaultContext() {
    return silent;
  }

  private static boolean asksFor(TenantHost host) {
    return host.status() == TenantStatus.ACTIVE
        && !host.redirected()
        && host.tenant().allows(AuthenticationMethod.CLIENT_CERTIFICATE);
  }
}

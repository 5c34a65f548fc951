package dev.gatehouse.gateway.tls;

import dev.gatehouse.contract.tls.CertificateAndKey;
import dev.gatehouse.gateway.GatewayConfig.TlsConfig;
import dev.gatehouse.gateway.directory.LiveDirectory;
import io.netty.handler.ssl.SslContext;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.SSLEngineOptions;
import io.vertx.core.spi.tls.SslContextFactory;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.function.Function;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLException;
import javax.net.ssl.X509KeyManager;
import org.jspecify.annotations.Nullable;

/**
 * Lets {@link ServerNames} decide about the TLS of a server of Vert.x.
 *
 * <p>Vert.x makes an SSL context for each server name and keeps the last sixteen of them. What it
 * is given here is a {@link NamedContext}: a name and no more, which asks for the context that
 * holds now whenever a connection begins. So nothing is lost when it is forgotten, and nothing is
 * out of date when it is not.
 */
public final class ServerTls {
  private static final List<String> KEY_TYPES = List.of("EC", "RSA", "EdDSA");

  private final TenantServerNames names;
  private final CertificateAndKey otherwise;
  private final KeyManagerFactory keys;

  /**
   * @param keys a certificate that Vert.x insists on; the contexts have their own
   */
  private ServerTls(TenantServerNames names, CertificateAndKey otherwise, KeyManagerFactory keys) {
    this.names = names;
    this.otherwise = otherwise;
    this.keys = keys;
  }

  /**
   * Reads the certificate of all hosts. Blocks.
   *
   * @throws Exception if it cannot be used
   */
  public static ServerTls of(Vertx vertx, TlsConfig config, LiveDirectory directory)
      throws Exception {
    KeyManagerFactory keys =
        new PemKeyCertOptions()
            .setCertPath(config.certificate().toString())
            .setKeyPath(config.key().toString())
            .getKeyManagerFactory(vertx);
    CertificateAndKey otherwise = only(keys);
    return new ServerTls(new TenantServerNames(directory, otherwise), otherwise, keys);
  }

  /** What is shown at hosts that have no certificate of their own. */
  X509Certificate otherwise() {
    return otherwise.certificate();
  }

  /**
   * Makes every session ticket worthless that was given so far, see {@link
   * TenantServerNames#rotateTicketKeys}. Any thread.
   */
  public void rotateTicketKeys() throws SSLException {
    names.rotateTicketKeys();
  }

  /** What the files hold, in whichever of the formats that Vert.x reads. */
  private static CertificateAndKey only(KeyManagerFactory keys) {
    for (KeyManager manager : keys.getKeyManagers()) {
      if (manager instanceof X509KeyManager held) {
        for (String type : KEY_TYPES) {
          String[] aliases = held.getServerAliases(type, null);
          if (aliases != null && aliases.length > 0) {
            return new CertificateAndKey(
                List.of(held.getCertificateChain(aliases[0])), held.getPrivateKey(aliases[0]));
          }
        }
      }
    }
    throw new IllegalArgumentException(
        "https.key must be a key of " + String.join(", ", KEY_TYPES));
  }

  /** Sets a server up. */
  public void apply(HttpServerOptions options) {
    options
        .setSsl(true)
        .setSni(true)
        .setUseAlpn(true)
        .setKeyCertOptions(new Keys(names, keys))
        .setSslEngineOptions(new Engines(names));
  }

  /** Where a name is unknown, Vert.x keeps nothing for it: what strangers ask for fills nothing. */
  private record Keys(ServerNames names, KeyManagerFactory factory) implements KeyCertOptions {
    @Override
    public KeyCertOptions copy() {
      return this;
    }

    @Override
    public KeyManagerFactory getKeyManagerFactory(Vertx vertx) {
      return factory;
    }

    @Override
    @SuppressWarnings("NullAway") // Null is how a mapper says that it has nothing of its own.
    public Function<String, KeyManagerFactory> keyManagerFactoryMapper(Vertx vertx) {
      return name -> names.knows(name) ? factory : null;
    }
  }

  private static final class Engines extends SSLEngineOptions {
    private final ServerNames names;

    Engines(ServerNames names) {
      this.names = names;
    }

    @Override
    public SSLEngineOptions copy() {
      return this;
    }

    @Override
    public SslContextFactory sslContextFactory() {
      return new Contexts(names);
    }
  }

  /**
   * Of all that Vert.x would say of a context only the name matters: the rest is the names' own.
   */
  private static final class Contexts implements SslContextFactory {
    private final ServerNames names;
    private @Nullable String name;

    Contexts(ServerNames names) {
      this.names = names;
    }

    @Override
    public SslContextFactory serverName(String serverName) {
      this.name = serverName;
      return this;
    }

    @Override
    public SslContext create() {
      return new NamedContext(names, name);
    }
  }
}

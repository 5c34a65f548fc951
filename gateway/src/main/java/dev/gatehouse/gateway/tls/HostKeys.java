package dev.gatehouse.gateway.tls;

import dev.gatehouse.contract.edge.EdgeAcmeChallenge;
import dev.gatehouse.contract.tls.CertificateAndKey;
import dev.gatehouse.gateway.directory.LiveDirectory;
import dev.gatehouse.gateway.directory.ServerCertificate;
import dev.gatehouse.gateway.directory.TenantDirectory;
import dev.gatehouse.gateway.directory.TenantHost;
import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the certificate of each handshake by the name that the client asks for: those that the
 * tenant of this host has for it, else the platform's, else the one of the configuration. What the
 * directory holds at this moment counts, so that a certificate that comes or is renewed is shown to
 * the next client. Any thread; never blocks.
 */
@SuppressWarnings("NullAway") // Null is how a key manager says that it has nothing.
final class HostKeys extends X509ExtendedKeyManager {
  /** Before the host whose challenge is the certificate. */
  private static final String CHALLENGE = "challenge/";

  private static final String FROM_CONFIGURATION = "configuration";

  private final LiveDirectory directory;
  private final CertificateAndKey otherwise;

  /**
   * @param otherwise what is shown where there is nothing better
   */
  HostKeys(LiveDirectory directory, CertificateAndKey otherwise) {
    this.directory = directory;
    this.otherwise = otherwise;
  }

  @Override
  public @Nullable String chooseEngineServerAlias(
      String keyType, Principal @Nullable [] issuers, SSLEngine engine) {
    String host = nameIn(engine);
    if (EdgeAcmeChallenge.TLS_ALPN_PROTOCOL.equals(engine.getHandshakeApplicationProtocol())) {
      CertificateAndKey answer =
          host == null ? null : directory.current().acmeChallenges().certificateOf(host);
      return answer != null && isOf(keyType, answer.key()) ? CHALLENGE + host : null;
    }
    List<ServerCertificate> candidates = host == null ? List.of() : certificatesOf(host);
    if (candidates.isEmpty()) {
      return isOf(keyType, otherwise.key()) ? FROM_CONFIGURATION : null;
    }
    for (ServerCertificate candidate : candidates) {
      if (isOf(keyType, candidate.key())) {
        return candidate.alias();
      }
    }
    return null;
  }

  private List<ServerCertificate> certificatesOf(String host) {
    TenantDirectory current = directory.current();
    TenantHost known = current.byHost(host);
    UUID tenant = known == null ? null : known.tenant().edge().id();
    return current.certificates().of(host, tenant);
  }

  private static @Nullable String nameIn(SSLEngine engine) {
    if (engine.getHandshakeSession() instanceof ExtendedSSLSession session) {
      for (SNIServerName name : session.getRequestedServerNames()) {
        if (name instanceof SNIHostName host) {
          return host.getAsciiName().toLowerCase(Locale.ROOT);
        }
      }
    }
    return null;
  }

  private static boolean isOf(String keyType, PrivateKey key) {
    return keyType.equalsIgnoreCase(key.getAlgorithm());
  }

  @Override
  public @Nullable PrivateKey getPrivateKey(String alias) {
    if (alias.equals(FROM_CONFIGURATION)) {
      return otherwise.key();
    }
    if (alias.startsWith(CHALLENGE)) {
      CertificateAndKey answer = challengeOf(alias);
      return answer == null ? null : answer.key();
    }
    ServerCertificate certificate = directory.current().certificates().byAlias(alias);
    return certificate == null ? null : certificate.key();
  }

  @Override
  public X509Certificate @Nullable [] getCertificateChain(String alias) {
    if (alias.equals(FROM_CONFIGURATION)) {
      return otherwise.chain().toArray(X509Certificate[]::new);
    }
    if (alias.startsWith(CHALLENGE)) {
      CertificateAndKey answer = challengeOf(alias);
      return answer == null ? null : answer.chain().toArray(X509Certificate[]::new);
    }
    ServerCertificate certificate = directory.current().certificates().byAlias(alias);
    return certificate == null ? null : certificate.chain();
  }

  private @Nullable CertificateAndKey challengeOf(String alias) {
    return directory.current().acmeChallenges().certificateOf(alias.substring(CHALLENGE.length()));
  }

  @Override
  public @Nullable String chooseServerAlias(
      String keyType, Principal @Nullable [] issuers, Socket socket) {
    return null;
  }

  @Override
  public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
    return null;
  }

  @Override
  public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
    return null;
  }

  @Override
  public @Nullable String chooseClientAlias(
      String[] keyType, Principal @Nullable [] issuers, Socket socket) {
    return null;
  }
}

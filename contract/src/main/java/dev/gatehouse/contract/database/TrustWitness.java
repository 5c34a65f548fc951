package dev.gatehouse.contract.database;

import dev.gatehouse.contract.tls.CertificateAndKey;
import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Optional;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether a server is trusted, as the JVM does by some authorities, and remembers why it
 * was not: not every driver says. One connection.
 */
final class TrustWitness extends X509ExtendedTrustManager {
  private final X509ExtendedTrustManager delegate;
  private volatile @Nullable CertificateException refusal;

  private TrustWitness(X509ExtendedTrustManager delegate) {
    this.delegate = delegate;
  }

  /**
   * Blocks for a moment.
   *
   * @param authorities PEM; those of the JVM if empty
   * @throws IllegalArgumentException if they cannot be read
   */
  static TrustWitness by(Optional<String> authorities)
      throws GeneralSecurityException, IOException {
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(authorities.isPresent() ? storeOf(authorities.get()) : null);
    return Arrays.stream(factory.getTrustManagers())
        .filter(X509ExtendedTrustManager.class::isInstance)
        .map(X509ExtendedTrustManager.class::cast)
        .findFirst()
        .map(TrustWitness::new)
        .orElseThrow(() -> new GeneralSecurityException("the JVM trusts no certificates"));
  }

  private static KeyStore storeOf(String pem) throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    int number = 0;
    for (X509Certificate authority : CertificateAndKey.parseChain(pem)) {
      store.setCertificateEntry("authority-" + number++, authority);
    }
    return store;
  }

  /** What a driver says of a failure, and why the server was not trusted if that is the reason. */
  Throwable explained(Throwable failure) {
    CertificateException why = refusal;
    if (why == null) {
      return failure;
    }
    SSLException explained = new SSLHandshakeException(String.valueOf(why.getMessage()));
    explained.initCause(why);
    return explained;
  }

  /** One of the ways to ask. */
  @FunctionalInterface
  private interface Question {
    void ask() throws CertificateException;
  }

  private void noting(Question question) throws CertificateException {
    try {
      question.ask();
    } catch (CertificateException e) {
      refusal = e;
      throw e;
    }
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    noting(() -> delegate.checkServerTrusted(chain, authType, engine));
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
      throws CertificateException {
    noting(() -> delegate.checkServerTrusted(chain, authType, socket));
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    noting(() -> delegate.checkServerTrusted(chain, authType));
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    delegate.checkClientTrusted(chain, authType, engine);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
      throws CertificateException {
    delegate.checkClientTrusted(chain, authType, socket);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    delegate.checkClientTrusted(chain, authType);
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return delegate.getAcceptedIssuers();
  }
}

package dev.gatehouse.gateway.tls;

import dev.gatehouse.gateway.bounds.Bound;
import java.net.Socket;
import java.security.PublicKey;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAPublicKey;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Takes a client's certificate whoever issued it. The handshake proves that the client has its key
 * (RFC 8446 section 4.4.3), and no more than that: who may vouch for a caller is each tenant's own
 * affair, and whose request it is stands in the request. Bounds what the handshake costs: it
 * verifies a signature by whatever key the client shows.
 */
final class AnyIssuer extends X509ExtendedTrustManager {
  /** The longest chain, the client's own certificate included. */
  @Bound(
      of = "a client's chain of certificates",
      unit = "certificates",
      atIt = "the handshake fails")
  static final int MAX_CHAIN = 5;

  /** The largest certificate, in bytes; the JDK bounds all of them together to 32 KiB. */
  @Bound(of = "each of these", unit = "bytes", atIt = "the handshake fails")
  static final int MAX_CERTIFICATE_BYTES = 8192;

  @Bound(of = "their RSA keys", unit = "bits", atIt = "the handshake fails")
  private static final int MAX_RSA_BITS = 4096;

  /** An exponent of the size of the modulus makes a verification cost as much as a signature. */
  private static final int MAX_EXPONENT_BITS = 33;

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    if (chain.length > MAX_CHAIN) {
      throw new CertificateException(
          "a chain may have " + MAX_CHAIN + " certificates, found " + chain.length);
    }
    for (X509Certificate certificate : chain) {
      int length = certificate.getEncoded().length;
      if (length > MAX_CERTIFICATE_BYTES) {
        throw new CertificateException(
            "a certificate may have " + MAX_CERTIFICATE_BYTES + " bytes, found " + length);
      }
    }
    if (chain.length > 0 && isCostly(chain[0].getPublicKey())) {
      throw new CertificateException("the key is too large");
    }
  }

  private static boolean isCostly(PublicKey key) {
    return key instanceof RSAPublicKey rsa
        && (rsa.getModulus().bitLength() > MAX_RSA_BITS
            || rsa.getPublicExponent().bitLength() > MAX_EXPONENT_BITS);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
      throws CertificateException {
    checkClientTrusted(chain, authType);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    checkClientTrusted(chain, authType);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    throw new CertificateException("for clients only");
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
      throws CertificateException {
    checkServerTrusted(chain, authType);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    checkServerTrusted(chain, authType);
  }

  /** None by name: clients are told of no tenant's authorities, and may show what they have. */
  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return new X509Certificate[0];
  }
}

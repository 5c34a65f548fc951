package dev.gatehouse.contract.tls;

import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * What a server proves its name with: its certificate, those that lead to an authority, and the
 * private key. Immutable; any thread.
 *
 * @param chain the server's own certificate first, each followed by its issuer's
 * @param key the private key of the first; never logged
 */
public record CertificateAndKey(List<X509Certificate> chain, PrivateKey key) {
  /** The most certificates of a chain. */
  public static final int MAX_CHAIN = 10;

  /** The most names of a certificate that are looked at. */
  public static final int MAX_NAMES = 100;

  private static final int DNS_NAME = 2;
  private static final String CERTIFICATE = "CERTIFICATE";
  private static final String PRIVATE_KEY = "PRIVATE KEY";

  /**
   * @throws IllegalArgumentException if the chain is empty or too long
   */
  public CertificateAndKey {
    chain = List.copyOf(chain);
    if (chain.isEmpty() || chain.size() > MAX_CHAIN) {
      throw new IllegalArgumentException(
          "a chain must have 1 to " + MAX_CHAIN + " certificates, found " + chain.size());
    }
  }

  /**
   * Reads both. That they belong together is for {@link #requireMatch} to see.
   *
   * @param chain certificates as PEM
   * @param key PKCS #8 as PEM, not encrypted
   * @throws IllegalArgumentException if one cannot be read; the message says which, and repeats
   *     nothing of the key
   */
  public static CertificateAndKey parse(String chain, String key) {
    List<X509Certificate> certificates = parseChain(chain);
    return new CertificateAndKey(
        certificates, parseKey(key, certificates.getFirst().getPublicKey().getAlgorithm()));
  }

  /**
   * Reads certificates.
   *
   * @throws IllegalArgumentException if the text is anything but certificates as PEM
   */
  public static List<X509Certificate> parseChain(String pem) {
    List<X509Certificate> chain = new ArrayList<>();
    for (byte[] der : Pem.decode(CERTIFICATE, pem)) {
      chain.add(certificate(der, chain.size() + 1));
    }
    return chain;
  }

  private static X509Certificate certificate(byte[] der, int number) {
    try {
      CertificateFactory factory = CertificateFactory.getInstance("X.509");
      if (factory.generateCertificate(new ByteArrayInputStream(der)) instanceof X509Certificate read
          && read.getEncoded().length == der.length) {
        return read;
      }
    } catch (CertificateException _) {
      // Said below.
    }
    throw new IllegalArgumentException("certificate " + number + " is not an X.509 certificate");
  }

  private static PrivateKey parseKey(String pem, String algorithm) {
    List<byte[]> blocks = Pem.decode(PRIVATE_KEY, pem);
    if (blocks.size() > 1) {
      throw new IllegalArgumentException("must be one private key, found " + blocks.size());
    }
    try {
      return KeyFactory.getInstance(algorithm)
          .generatePrivate(new PKCS8EncodedKeySpec(blocks.getFirst()));
    } catch (GeneralSecurityException _) {
      // Not its message, which may hold some of the key.
      throw new IllegalArgumentException(
          "must be a private key of the certificate's algorithm, " + algorithm + ", in PKCS #8");
    }
  }

  /** The server's own certificate. */
  public X509Certificate certificate() {
    return chain.getFirst();
  }

  /**
   * Checks that the key is the certificate's own, by a signature.
   *
   * @throws IllegalArgumentException if it is not
   */
  public void requireMatch() {
    byte[] probe = certificate().getSerialNumber().toByteArray();
    try {
      Signature signer = Signature.getInstance(signatureAlgorithm());
      signer.initSign(key);
      signer.update(probe);
      byte[] signature = signer.sign();
      signer.initVerify(certificate().getPublicKey());
      signer.update(probe);
      if (signer.verify(signature)) {
        return;
      }
    } catch (GeneralSecurityException _) {
      // Said below.
    }
    throw new IllegalArgumentException("is not the key of the first certificate");
  }

  private String signatureAlgorithm() {
    return switch (certificate().getPublicKey().getAlgorithm()) {
      case "RSA" -> "SHA256withRSA";
      case "EC" -> "SHA256withECDSA";
      default -> certificate().getPublicKey().getAlgorithm();
    };
  }

  /**
   * The DNS names that it is good for, in lower case, {@code *.parent} among them: the alternative
   * names alone, as clients have it (RFC 9525 section 6.3).
   */
  public Set<String> names() {
    return namesOf(certificate());
  }

  /** Those of any certificate. */
  public static Set<String> namesOf(X509Certificate certificate) {
    Set<String> names = new LinkedHashSet<>();
    try {
      Collection<List<?>> all =
          Optional.ofNullable(certificate.getSubjectAlternativeNames()).orElse(List.of());
      for (List<?> name : all) {
        if (name.get(0) instanceof Integer type
            && type == DNS_NAME
            && name.get(1) instanceof String text
            && names.size() < MAX_NAMES) {
          names.add(text.toLowerCase(Locale.ROOT));
        }
      }
    } catch (CertificateParsingException _) {
      // It names nobody that can be understood.
    }
    return names;
  }

  /**
   * Whether a chain's first certificate is good for a host, or for a wildcard as it stands.
   *
   * @param host in lower case
   */
  public static boolean isFor(String host, List<X509Certificate> chain) {
    Set<String> names = namesOf(chain.getFirst());
    int dot = host.indexOf('.');
    return names.contains(host) || (dot > 0 && names.contains("*" + host.substring(dot)));
  }

  /** The chain as PEM. */
  public String chainPem() {
    StringBuilder pem = new StringBuilder();
    try {
      for (X509Certificate certificate : chain) {
        pem.append(Pem.encode(CERTIFICATE, certificate.getEncoded()));
      }
    } catch (CertificateException e) {
      throw new IllegalStateException("it was read from its encoding", e);
    }
    return pem.toString();
  }

  /** The private key as PEM, PKCS #8. */
  public String keyPem() {
    return Pem.encode(PRIVATE_KEY, key.getEncoded());
  }

  /** Says nothing of the key. */
  @Override
  public String toString() {
    return "CertificateAndKey[" + certificate().getSubjectX500Principal() + "]";
  }
}

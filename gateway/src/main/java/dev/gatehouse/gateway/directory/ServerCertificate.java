package dev.gatehouse.gateway.directory;

import dev.gatehouse.contract.edge.EdgeCertificate;
import dev.gatehouse.contract.tls.CertificateAndKey;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A certificate as handshakes meet it: read once. Immutable; any thread. */
public final class ServerCertificate {
  private final EdgeCertificate edge;
  private final PrivateKey key;
  private final X509Certificate[] chain;
  private final Set<String> names;

  /**
   * @throws IllegalArgumentException if certificate or key cannot be read
   */
  ServerCertificate(EdgeCertificate edge) {
    CertificateAndKey read = CertificateAndKey.parse(edge.chain(), edge.privateKey());
    this.edge = edge;
    this.key = read.key();
    this.chain = read.chain().toArray(X509Certificate[]::new);
    this.names = Set.copyOf(read.names());
  }

  /** Whose hosts it is for; null for the platform's. */
  public @Nullable UUID tenantId() {
    return edge.tenantId().orElse(null);
  }

  /** The private key. */
  public PrivateKey key() {
    return key;
  }

  /** The server's own certificate first. The caller must not change it. */
  public X509Certificate[] chain() {
    return chain;
  }

  /** DNS names that it is good for, {@code *.parent} among them. */
  public Set<String> names() {
    return names;
  }

  /** What kind of key it has, by its Java name: {@code EC}, {@code RSA}, {@code EdDSA}. */
  public String keyType() {
    return key.getAlgorithm();
  }

  /** From when on it is valid. */
  public Instant notBefore() {
    return chain[0].getNotBefore().toInstant();
  }

  /** Until when it is valid. */
  public Instant notAfter() {
    return chain[0].getNotAfter().toInstant();
  }

  /** Names it, and this version of it, among all. */
  public String alias() {
    return edge.id() + "/" + chain[0].getSerialNumber().toString(16);
  }

  EdgeCertificate edge() {
    return edge;
  }
}

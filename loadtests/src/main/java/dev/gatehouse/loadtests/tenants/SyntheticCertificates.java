package dev.gatehouse.loadtests.tenants;

import dev.gatehouse.contract.edge.EdgeCertificate;
import dev.gatehouse.contract.edge.EdgeTenant;
import dev.gatehouse.contract.tls.CertificateAndKey;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** An authority that gives invented tenants certificates with keys of P-256. */
public final class SyntheticCertificates {
  private static final X500Name AUTHORITY = new X500Name("CN=Load test");

  private final KeyPair authorityKeys;
  private final X509Certificate authority;
  private final KeyPair keys;
  private long serial = 1;

  /** Makes the authority. */
  public SyntheticCertificates() throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(256);
    authorityKeys = generator.generateKeyPair();
    keys = generator.generateKeyPair();
    authority = issue(AUTHORITY, authorityKeys, Optional.empty());
  }

  /** A certificate for the subdomain of a tenant. All have one key: it makes no difference here. */
  public EdgeCertificate of(EdgeTenant tenant) throws GeneralSecurityException {
    CertificateAndKey made = of(tenant.slug().value() + "." + SyntheticTenants.BASE_DOMAIN);
    return new EdgeCertificate(
        UUID.randomUUID(), Optional.of(tenant.id()), made.chainPem(), made.keyPem());
  }

  /** A certificate for a host. */
  public CertificateAndKey of(String host) throws GeneralSecurityException {
    return new CertificateAndKey(
        List.of(issue(new X500Name("CN=" + host), keys, Optional.of(host))), keys.getPrivate());
  }

  /** What trusts the authority and nobody else. */
  public SSLContext trustingClient() throws Exception {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    store.setCertificateEntry("authority", authority);
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, factory.getTrustManagers(), null);
    return context;
  }

  @SuppressWarnings("JavaUtilDate") // It is what the builder takes.
  private X509Certificate issue(X500Name subject, KeyPair subjectKeys, Optional<String> host)
      throws GeneralSecurityException {
    Instant now = Instant.now();
    JcaX509v3CertificateBuilder builder =
        new JcaX509v3CertificateBuilder(
            AUTHORITY,
            BigInteger.valueOf(serial++),
            Date.from(now.minus(Duration.ofHours(1))),
            Date.from(now.plus(Duration.ofDays(1))),
            subject,
            subjectKeys.getPublic());
    try {
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(host.isEmpty()));
      if (host.isPresent()) {
        builder.addExtension(
            Extension.subjectAlternativeName,
            false,
            new GeneralNames(new GeneralName(GeneralName.dNSName, host.get())));
      }
      return new JcaX509CertificateConverter()
          .getCertificate(
              builder.build(
                  new JcaContentSignerBuilder("SHA256withECDSA")
                      .build(authorityKeys.getPrivate())));
    } catch (CertIOException | OperatorCreationException e) {
      throw new GeneralSecurityException(e);
    }
  }
}

package dev.gatehouse.controlplane.certificate;

import dev.gatehouse.contract.tls.CertificateAndKey;
import io.vertx.core.json.JsonObject;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Certificates of servers, right and wrong. */
public final class TestCertificates {
  private static final AtomicLong SERIAL = new AtomicLong(1);
  private static final KeyPair AUTHORITY = key("EC", 256);

  private TestCertificates() {}

  /** Good for a server of these names, for a month. */
  public static CertificateAndKey of(String... names) {
    return of(KeyPurposeId.id_kp_serverAuth, Duration.ofDays(30), key("EC", 256), names);
  }

  /** The same until another time; one that is over where that is negative. */
  public static CertificateAndKey lasting(Duration untilEnd, String... names) {
    return of(KeyPurposeId.id_kp_serverAuth, untilEnd, key("EC", 256), names);
  }

  @SuppressWarnings("JavaUtilDate") // It is what the builder takes.
  static CertificateAndKey of(
      KeyPurposeId purpose, Duration untilEnd, KeyPair keys, String... names) {
    Instant now = Instant.now();
    try {
      JcaX509v3CertificateBuilder builder =
          new JcaX509v3CertificateBuilder(
              new X500Name("CN=Authority"),
              BigInteger.valueOf(SERIAL.incrementAndGet()),
              Date.from(now.minus(Duration.ofDays(60))),
              Date.from(now.plus(untilEnd)),
              new X500Name("CN=server"),
              keys.getPublic());
      builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purpose));
      if (names.length > 0) {
        builder.addExtension(
            Extension.subjectAlternativeName,
            false,
            new GeneralNames(
                Arrays.stream(names)
                    .map(name -> new GeneralName(GeneralName.dNSName, name))
                    .toArray(GeneralName[]::new)));
      }
      X509Certificate certificate =
          new JcaX509CertificateConverter()
              .getCertificate(
                  builder.build(
                      new JcaContentSignerBuilder("SHA256withECDSA")
                          .build(AUTHORITY.getPrivate())));
      return new CertificateAndKey(List.of(certificate), keys.getPrivate());
    } catch (CertIOException | GeneralSecurityException | OperatorCreationException e) {
      throw new IllegalStateException(e);
    }
  }

  static KeyPair key(String algorithm, int bits) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
      generator.initialize(bits);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** As it is uploaded. */
  public static JsonObject document(CertificateAndKey certificate) {
    return new JsonObject()
        .put("chain", certificate.chainPem())
        .put("privateKey", certificate.keyPem());
  }
}

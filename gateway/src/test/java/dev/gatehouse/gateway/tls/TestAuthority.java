package dev.gatehouse.gateway.tls;

import static java.util.Objects.requireNonNull;

import dev.gatehouse.contract.edge.EdgeCertificate;
import dev.gatehouse.contract.edge.EdgeClientAuthority;
import dev.gatehouse.contract.edge.EdgeClientAuthority.SubjectName;
import dev.gatehouse.contract.tls.CertificateAndKey;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.X509KeyManager;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.GeneralSubtree;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.NameConstraints;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.jspecify.annotations.Nullable;

/** Whoever holds a key and a certificate, and may sign others by it, rightly or not. */
public final class TestAuthority {
  private static final AtomicLong SERIAL = new AtomicLong(4096);

  private final KeyPair keys;
  private final List<X509Certificate> chain;

  private TestAuthority(KeyPair keys, List<X509Certificate> chain) {
    this.keys = keys;
    this.chain = chain;
  }

  /** A root of this name; others may have the same. */
  public static TestAuthority root(String name) {
    Instant now = Instant.now();
    Duration month = Duration.ofDays(30);
    return new Order(null, "CN=" + name)
        .authority(9)
        .valid(now.minus(month), now.plus(month))
        .issue();
  }

  /** What it signs, with all that is wished for. */
  public Order order(String subject) {
    return new Order(this, subject);
  }

  /** One that is not its own authority's, but signed by itself. */
  public static Order selfSigned(String subject) {
    return new Order(null, subject);
  }

  public KeyPair keys() {
    return keys;
  }

  /** Its own certificate first, then those that vouch for it, but for the root. */
  public List<X509Certificate> chain() {
    return chain.size() == 1 ? chain : chain.subList(0, chain.size() - 1);
  }

  /** The same with the root at its end. */
  public List<X509Certificate> wholeChain() {
    return chain;
  }

  public X509Certificate certificate() {
    return chain.getFirst();
  }

  /** Shows it wherever it is asked for one. */
  public X509KeyManager keyManager() {
    return new TlsCaller.Wallet(this);
  }

  public String serial() {
    return certificate().getSerialNumber().toString(16);
  }

  /** Shows other certificates than its own. */
  public TestAuthority showing(List<X509Certificate> others) {
    List<X509Certificate> shown = new ArrayList<>(others);
    shown.add(chain.getLast());
    return new TestAuthority(keys, shown);
  }

  public String pem() {
    try {
      return pem("CERTIFICATE", certificate().getEncoded());
    } catch (CertificateException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Its private key, as PKCS #8. */
  public String keyPem() {
    return pem("PRIVATE KEY", keys.getPrivate().getEncoded());
  }

  private static String pem(String what, byte[] der) {
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n"
        .formatted(what, Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der), what);
  }

  /** As a tenant trusts it, its subjects with the role {@code device}. */
  public EdgeClientAuthority of(UUID tenant, SubjectName subject) {
    return of(tenant, subject, Optional.empty(), Set.of());
  }

  public EdgeClientAuthority of(
      UUID tenant, SubjectName subject, Optional<Set<String>> subjects, Set<String> revoked) {
    return new EdgeClientAuthority(
        UUID.randomUUID(),
        tenant,
        "ca-" + UUID.randomUUID(),
        pem(),
        subject,
        subject == SubjectName.SPIFFE ? Optional.of("acme.test") : Optional.empty(),
        subjects,
        Optional.of(Set.of("device")),
        Optional.of(Set.of("report")),
        Optional.of(revoked));
  }

  /** As it is shown at the hosts of a tenant; at all hosts if that is empty. */
  public EdgeCertificate at(Optional<UUID> tenant) {
    return new EdgeCertificate(UUID.randomUUID(), tenant, chainPem(), keyPem());
  }

  private String chainPem() {
    return new CertificateAndKey(chain(), keys.getPrivate()).chainPem();
  }

  /** A key of P-256. */
  public static KeyPair ecKey() {
    return key("EC", 256);
  }

  public static KeyPair key(String algorithm, int bits) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
      if (bits > 0) {
        generator.initialize(bits);
      }
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A key of RSA with 4104 bits, always the same one: to find a new one can take a minute. */
  public static KeyPair largeRsaKey() throws IOException, GeneralSecurityException {
    try (InputStream in =
        requireNonNull(TestAuthority.class.getResourceAsStream("/tls/rsa-4104.pem"))) {
      String pem = new String(in.readAllBytes(), StandardCharsets.US_ASCII);
      byte[] key = Base64.getMimeDecoder().decode(pem.replaceAll("-----[A-Z ]+-----", ""));
      KeyFactory factory = KeyFactory.getInstance("RSA");
      RSAPrivateCrtKey secret =
          (RSAPrivateCrtKey) factory.generatePrivate(new PKCS8EncodedKeySpec(key));
      return new KeyPair(
          factory.generatePublic(
              new RSAPublicKeySpec(secret.getModulus(), secret.getPublicExponent())),
          secret);
    }
  }

  /**
   * A certificate that is yet to be issued; good for a client for an hour, unless said otherwise.
   */
  public static final class Order {
    private final @Nullable TestAuthority issuer;
    private final String subject;
    private final List<GeneralName> names = new ArrayList<>();
    private KeyPair keys = ecKey();
    private Instant from = Instant.now().minus(Duration.ofMinutes(5));
    private Instant until = Instant.now().plus(Duration.ofHours(1));
    private @Nullable KeyPurposeId purpose = KeyPurposeId.id_kp_clientAuth;
    private int usage = KeyUsage.digitalSignature;
    private int pathLength = -1;
    private @Nullable String algorithm;
    private @Nullable String onlyBelow;

    private Order(@Nullable TestAuthority issuer, String subject) {
      this.issuer = issuer;
      this.subject = subject;
    }

    public Order name(int type, String value) {
      names.add(new GeneralName(type, value));
      return this;
    }

    /** Good for servers of these names. */
    public Order server(String... dnsNames) {
      for (String dnsName : dnsNames) {
        name(GeneralName.dNSName, dnsName);
      }
      return purpose(KeyPurposeId.id_kp_serverAuth);
    }

    public Order uri(String value) {
      return name(GeneralName.uniformResourceIdentifier, value);
    }

    public Order keys(KeyPair other) {
      keys = other;
      return this;
    }

    public Order valid(Instant first, Instant last) {
      from = first;
      until = last;
      return this;
    }

    /** Null for none at all. */
    public Order purpose(@Nullable KeyPurposeId other) {
      purpose = other;
      return this;
    }

    public Order usage(int other) {
      usage = other;
      return this;
    }

    public Order signedBy(String signature) {
      algorithm = signature;
      return this;
    }

    /** May vouch for others, across so many. */
    public Order authority(int most) {
      pathLength = most;
      purpose = null;
      usage = KeyUsage.keyCertSign | KeyUsage.cRLSign;
      return this;
    }

    /** May vouch for DNS names below this one only. */
    public Order onlyBelow(String domain) {
      onlyBelow = domain;
      return this;
    }

    @SuppressWarnings("JavaUtilDate") // It is what the builder takes.
    public TestAuthority issue() {
      KeyPair signer = issuer == null ? keys : issuer.keys;
      X500Principal signerName =
          issuer == null
              ? new X500Principal(subject)
              : issuer.certificate().getSubjectX500Principal();
      JcaX509v3CertificateBuilder builder =
          new JcaX509v3CertificateBuilder(
              X500Name.getInstance(signerName.getEncoded()),
              BigInteger.valueOf(SERIAL.incrementAndGet()),
              Date.from(from),
              Date.from(until),
              X500Name.getInstance(new X500Principal(subject).getEncoded()),
              keys.getPublic());
      try {
        addExtensions(builder);
        X509Certificate certificate =
            new JcaX509CertificateConverter()
                .getCertificate(
                    builder.build(
                        signer(algorithm == null ? algorithmOf(signer) : algorithm)
                            .build(signer.getPrivate())));
        List<X509Certificate> chain = new ArrayList<>(List.of(certificate));
        if (issuer != null) {
          chain.addAll(issuer.chain);
        }
        return new TestAuthority(keys, chain);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (GeneralSecurityException | OperatorCreationException e) {
        throw new IllegalStateException(e);
      }
    }

    private void addExtensions(JcaX509v3CertificateBuilder builder) throws IOException {
      builder.addExtension(
          Extension.basicConstraints,
          true,
          pathLength < 0 ? new BasicConstraints(false) : new BasicConstraints(pathLength));
      builder.addExtension(Extension.keyUsage, true, new KeyUsage(usage));
      if (purpose != null) {
        builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purpose));
      }
      if (!names.isEmpty()) {
        builder.addExtension(
            Extension.subjectAlternativeName,
            false,
            new GeneralNames(names.toArray(GeneralName[]::new)));
      }
      if (onlyBelow != null) {
        builder.addExtension(
            Extension.nameConstraints,
            true,
            new NameConstraints(
                new GeneralSubtree[] {
                  new GeneralSubtree(new GeneralName(GeneralName.dNSName, onlyBelow))
                },
                null));
      }
    }

    /** The JDK wants parameters for RSASSA-PSS, which only the other provider makes up. */
    private static JcaContentSignerBuilder signer(String algorithm) {
      JcaContentSignerBuilder builder = new JcaContentSignerBuilder(algorithm);
      return algorithm.endsWith("MGF1") ? builder.setProvider(new BouncyCastleProvider()) : builder;
    }

    private static String algorithmOf(KeyPair signer) {
      return switch (signer.getPrivate().getAlgorithm()) {
        case "RSA" -> "SHA256withRSA";
        case "EC" -> "SHA256withECDSA";
        default -> "Ed25519";
      };
    }
  }
}

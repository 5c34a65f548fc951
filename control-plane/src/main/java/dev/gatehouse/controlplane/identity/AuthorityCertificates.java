package dev.gatehouse.controlplane.identity;

import static java.util.stream.Collectors.joining;

import dev.gatehouse.contract.audit.Sha256;
import dev.gatehouse.contract.tls.Pem;
import dev.gatehouse.controlplane.api.Fault;
import dev.gatehouse.controlplane.api.Problem;
import dev.gatehouse.controlplane.api.ProblemException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayInputStream;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.security.auth.x500.X500Principal;

/**
 * The certificates of an authority, as PEM (RFC 7468). Nothing else may stand beside them: neither
 * a key, which would be shown to whoever may look at the tenant, nor what another reader takes for
 * one more certificate.
 */
public record AuthorityCertificates(List<X509Certificate> all) {
  private static final String PLACE = "/certificates";
  private static final int MOST = 10;

  private static final String BEGIN = "-----BEGIN CERTIFICATE-----";
  private static final String END = "-----END CERTIFICATE-----";
  private static final Pattern BLOCK =
      Pattern.compile("\\G\\s*+" + BEGIN + "([A-Za-z0-9+/=\\s]++)" + END + "\\s*+");
  private static final Pattern PRIVATE_KEY = Pattern.compile("PRIVATE\\s+KEY");
  private static final Pattern SPACE = Pattern.compile("\\s+");

  /**
   * Reads them.
   *
   * @throws ProblemException {@code INVALID_BODY} if the text is anything but 1 to {@value #MOST}
   *     certificates; it does not repeat the text
   */
  public static AuthorityCertificates parse(String pem) {
    if (PRIVATE_KEY.matcher(pem).find()) {
      throw refused("must not hold a private key: nobody but its owner may know it");
    }
    List<X509Certificate> all = new ArrayList<>();
    Matcher block = BLOCK.matcher(pem);
    int end = 0;
    while (block.find()) {
      all.add(certificate(block.group(1), all.size() + 1));
      end = block.end();
    }
    if (all.isEmpty()) {
      throw refused("must be certificates as PEM, which begins with " + BEGIN);
    }
    if (end < pem.length()) {
      throw refused(
          "must hold nothing but certificates as PEM; after certificate "
              + all.size()
              + " comes something else");
    }
    if (all.size() > MOST) {
      throw refused("must be at most " + MOST + " certificates, found " + all.size());
    }
    return new AuthorityCertificates(List.copyOf(all));
  }

  private static X509Certificate certificate(String base64, int number) {
    try {
      byte[] der = Base64.getDecoder().decode(SPACE.matcher(base64).replaceAll(""));
      CertificateFactory factory = CertificateFactory.getInstance("X.509");
      if (factory.generateCertificate(new ByteArrayInputStream(der)) instanceof X509Certificate read
          && Arrays.equals(read.getEncoded(), der)) {
        return read;
      }
    } catch (CertificateException | IllegalArgumentException _) {
      // Said below.
    }
    throw refused("certificate " + number + " is not an X.509 certificate");
  }

  /**
   * Checks that they can vouch for clients from now on.
   *
   * @param known those that are not judged again
   * @throws ProblemException {@code INVALID_BODY} with what is wrong with which
   */
  void check(Instant now, List<X509Certificate> known) {
    List<Fault> faults = new ArrayList<>();
    for (int i = 0; i < all.size(); i++) {
      X509Certificate one = all.get(i);
      if (!known.contains(one)) {
        String which = "certificate " + (i + 1) + " (" + CertificateRules.nameOf(one) + ") ";
        CertificateRules.faultsOf(one, now)
            .forEach(fault -> faults.add(Fault.at(PLACE, which + fault)));
      }
    }
    if (!faults.isEmpty()) {
      throw new ProblemException(Problem.INVALID_BODY, faults);
    }
  }

  /** The text that all readers of PEM take for these certificates. */
  String toPem() {
    return all.stream()
        .map(certificate -> Pem.encode("CERTIFICATE", encoded(certificate)))
        .collect(joining());
  }

  /** What people tell them by. */
  JsonArray summaries() {
    return new JsonArray(all.stream().map(AuthorityCertificates::summary).toList());
  }

  private static JsonObject summary(X509Certificate certificate) {
    return new JsonObject()
        .put("subject", certificate.getSubjectX500Principal().getName(X500Principal.RFC2253))
        .put("serial", certificate.getSerialNumber().toString(16))
        .put("notAfter", certificate.getNotAfter().toInstant().toString())
        .put("fingerprint", HexFormat.of().formatHex(Sha256.of(encoded(certificate))));
  }

  private static byte[] encoded(X509Certificate certificate) {
    try {
      return certificate.getEncoded();
    } catch (CertificateEncodingException e) {
      throw new IllegalStateException("it was read from its encoding", e);
    }
  }

  private static ProblemException refused(String fault) {
    return new ProblemException(Problem.INVALID_BODY, List.of(Fault.at(PLACE, fault)));
  }
}

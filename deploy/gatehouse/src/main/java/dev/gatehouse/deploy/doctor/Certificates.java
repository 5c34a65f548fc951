package dev.gatehouse.deploy.doctor;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;

/** How long certificates are valid. */
final class Certificates {
  private static final Duration SOON = Duration.ofDays(14);

  private Certificates() {}

  /** One that is over, or soon will be. */
  static Finding ending(String what, Instant end, Instant now, String advice) {
    if (end.isBefore(now)) {
      return Finding.failed(what + " is over since " + end + ".", advice);
    }
    long days = Duration.between(now, end).toDays();
    return Finding.warning(
        what + " ends in " + (days == 0 ? "less than a day" : days + " days") + ", at " + end + ".",
        advice);
  }

  /** The first one of a PEM file, which is the server's own. */
  static Finding inFile(Path file, Instant now) {
    if (!Files.isReadable(file)) {
      return Finding.failed(
          file + " is not there, or cannot be read by this user.",
          "Put it there, or correct https.certificate; let the gateway's user read it.");
    }
    try (InputStream in = Files.newInputStream(file)) {
      X509Certificate own =
          (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
      Instant end = own.getNotAfter().toInstant();
      return end.isBefore(now.plus(SOON))
          ? ending(
              file.toString(),
              end,
              now,
              "Put a new one there, with its key; the gateway takes it up at its next start.")
          : Finding.ok("It is valid until " + end + ".");
    } catch (IOException | CertificateException e) {
      return Finding.failed(
          file + " is no certificate: " + Reasons.of(e) + ".",
          "It must be PEM: the server's certificate first, then its chain.");
    }
  }
}

package dev.gatehouse.contract.database;

import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** What is wrong with the TLS of a database server, and what can be done about it. */
public final class TlsFailure {
  private static final String CONNECTION_REJECTED = "08004";
  private static final int MOST_CAUSES = 20;

  private TlsFailure() {}

  /**
   * In words for whoever can mend it.
   *
   * @param failure of either driver
   * @param server as host and port
   * @return empty if it is about something else
   */
  public static Optional<String> inWords(Throwable failure, String server) {
    List<Throwable> causes = causesOf(failure);
    if (causes.stream().anyMatch(TlsFailure::saysThatThereIsNone)) {
      return Optional.of(
          server
              + " does not speak TLS, which is required: set ssl = on there, or tls of the partition"
              + " to disable");
    }
    Optional<Throwable> tls = causes.stream().filter(SSLException.class::isInstance).findFirst();
    if (tls.isEmpty()) {
      return Optional.empty();
    }
    return causes.stream()
        .flatMap(cause -> ofCertificate(cause, server).stream())
        .findFirst()
        .or(() -> Optional.of("TLS with " + server + " fails: " + tls.get().getMessage()));
  }

  private static Optional<String> ofCertificate(Throwable cause, String server) {
    String certificate = "the certificate of " + server;
    return switch (cause) {
      case CertPathBuilderException _ ->
          Optional.of(
              certificate
                  + " is of no authority that is trusted: give the PEM of its authority as trust of"
                  + " the partition ("
                  + cause.getMessage()
                  + ")");
      case CertificateExpiredException _ ->
          Optional.of(certificate + " has ended: renew it (" + cause.getMessage() + ")");
      case CertificateException wrong when isAboutTheName(wrong) ->
          Optional.of(
              certificate
                  + " is not for this name: have it made for it, or connect under a name that"
                  + " stands in it ("
                  + cause.getMessage()
                  + ")");
      default -> Optional.empty();
    };
  }

  private static boolean isAboutTheName(CertificateException failure) {
    String message = String.valueOf(failure.getMessage());
    return failure.getCause() == null
        && (message.startsWith("No name matching") || message.startsWith("No subject alternative"));
  }

  /** The server has answered the question for TLS with no. */
  private static boolean saysThatThereIsNone(Throwable failure) {
    String message = String.valueOf(failure.getMessage());
    return message.contains("SSL")
        && (failure instanceof SQLException refused
            ? CONNECTION_REJECTED.equals(refused.getSQLState())
            : message.contains("does not handle SSL"));
  }

  private static List<Throwable> causesOf(@Nullable Throwable failure) {
    List<Throwable> causes = new ArrayList<>();
    for (@Nullable Throwable each = failure;
        each != null && causes.size() < MOST_CAUSES;
        each = each.getCause()) {
      causes.add(each);
    }
    return causes;
  }
}

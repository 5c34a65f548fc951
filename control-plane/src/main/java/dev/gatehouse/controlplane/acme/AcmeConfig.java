package dev.gatehouse.controlplane.acme;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Where certificates of custom domains are ordered.
 *
 * @param directory the authority's ACME directory, such as {@code
 *     https://acme-v02.api.letsencrypt.org/directory}
 * @param agreeToTerms whether the operator has agreed to the authority's terms of service; must be
 *     true
 * @param contacts who is told of what is wrong, such as {@code mailto:ops@example.com} (default
 *     nobody)
 * @param challenge how gateways prove that a host is theirs (default {@link Challenge#HTTP_01})
 * @param trust PEM file of authorities by which the directory's own certificate is verified
 *     (default: those of the Java runtime)
 * @param externalAccount of authorities that want one (RFC 8555 section 7.3.4; default none)
 * @param ordersPerHour how many orders are begun in an hour, by all instances (default 90: Let's
 *     Encrypt lets 300 be begun in three hours)
 */
public record AcmeConfig(
    URI directory,
    boolean agreeToTerms,
    List<String> contacts,
    Challenge challenge,
    Optional<Path> trust,
    Optional<ExternalAccount> externalAccount,
    int ordersPerHour) {
  /** Default of {@link #challenge()}. */
  public static final Challenge CHALLENGE = Challenge.HTTP_01;

  /** Default of {@link #ordersPerHour()}. */
  public static final int ORDERS_PER_HOUR = 90;

  /**
   * @throws IllegalArgumentException if the directory is not reached by TLS, the terms are not
   *     agreed to, a contact is no URI or the number is out of its range
   */
  public AcmeConfig {
    contacts = List.copyOf(contacts);
    if (!"https".equals(directory.getScheme())) {
      throw new IllegalArgumentException("directory must be https://, found " + directory);
    }
    if (!agreeToTerms) {
      throw new IllegalArgumentException(
          "agreeToTerms must be true: read the terms of service of the authority first");
    }
    contacts.forEach(contact -> {
      if (!contact.startsWith("mailto:") && !contact.startsWith("tel:")) {
        throw new IllegalArgumentException(
            "contacts must be mailto: or tel: URIs, found \"" + contact + "\"");
      }
    });
    if (ordersPerHour < 1 || ordersPerHour > 100_000) {
      throw new IllegalArgumentException(
          "ordersPerHour must be between 1 and 100000, found " + ordersPerHour);
    }
  }

  /** How a gateway proves that a host leads to it. */
  public enum Challenge {
    /** By an answer at port 80 (RFC 8555 section 8.3). */
    HTTP_01,
    /** By a certificate at port 443 (RFC 8737). */
    TLS_ALPN_01
  }

  /**
   * An account that the operator has with the authority otherwise.
   *
   * @param keyId names it
   * @param hmacKey Base64url; never logged
   */
  public record ExternalAccount(String keyId, String hmacKey) {
    /** Does not show the key. */
    @Override
    public String toString() {
      return "ExternalAccount[keyId=" + keyId + "]";
    }
  }
}

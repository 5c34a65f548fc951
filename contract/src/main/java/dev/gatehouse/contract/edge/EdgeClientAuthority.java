package dev.gatehouse.contract.edge;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * A certificate authority whose certificates prove to one tenant who calls, in the TLS handshake
 * (RFC 8446 section 4.4.2).
 *
 * @param id never changes
 * @param tenantId whose it is
 * @param name what people call it; unique at the tenant
 * @param certificates the trust anchors, as PEM; intermediates come with the client's certificate
 * @param subject which of a certificate's names says who calls
 * @param trustDomain of SPIFFE IDs; must be there with {@code spiffe}, and only there
 * @param subjects who may come: a name, or the beginning of names with {@code *} at its end. All
 *     that the authority vouches for if absent
 * @param roles what its subjects may do at the tenant; none if absent
 * @param scopes what its certificates may be used for; nothing in particular if absent
 * @param revokedSerials serial numbers of certificates that are refused, in lower-case hexadecimal
 *     without leading zeros
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record EdgeClientAuthority(
    UUID id,
    UUID tenantId,
    String name,
    String certificates,
    SubjectName subject,
    Optional<String> trustDomain,
    Optional<Set<String>> subjects,
    Optional<Set<String>> roles,
    Optional<Set<String>> scopes,
    Optional<Set<String>> revokedSerials)
    implements EdgeObject {
  /** How many certificates may be revoked at once. */
  public static final int MAX_REVOKED_SERIALS = 1000;

  private static final int MAX_CERTIFICATES_LENGTH = 64 * 1024;
  private static final int MAX_SUBJECTS = 200;
  private static final int MAX_WORDS = 50;
  private static final Pattern SERIAL = Pattern.compile("[1-9a-f][0-9a-f]{0,39}|0");

  /** SPIFFE-ID section 2.1. */
  private static final Pattern TRUST_DOMAIN = Pattern.compile("[a-z0-9._-]{1,255}");

  /**
   * @throws IllegalArgumentException if something is too long or too much, no serial number, or the
   *     trust domain is missing where it is needed or there where it is not
   */
  public EdgeClientAuthority {
    Range.check("length of certificates", certificates.length(), 1, MAX_CERTIFICATES_LENGTH);
    if ((subject == SubjectName.SPIFFE) != trustDomain.isPresent()) {
      throw new IllegalArgumentException(
          "trustDomain must be given where subject is spiffe, and only there");
    }
    trustDomain.ifPresent(domain -> {
      if (!TRUST_DOMAIN.matcher(domain).matches()) {
        throw new IllegalArgumentException(
            "trustDomain must be lower-case letters, digits, dots, hyphens and underscores, found"
                + " \""
                + domain
                + "\"");
      }
    });
    subjects = subjects.map(Set::copyOf);
    subjects.ifPresent(all -> Range.check("size of subjects", all.size(), 1, MAX_SUBJECTS));
    roles = roles.map(Set::copyOf);
    roles.ifPresent(all -> Range.check("size of roles", all.size(), 0, MAX_WORDS));
    scopes = scopes.map(Set::copyOf);
    scopes.ifPresent(all -> Range.check("size of scopes", all.size(), 0, MAX_WORDS));
    revokedSerials = revokedSerials.map(Set::copyOf);
    revokedSerials.ifPresent(EdgeClientAuthority::checkSerials);
  }

  private static void checkSerials(Set<String> serials) {
    Range.check("size of revokedSerials", serials.size(), 0, MAX_REVOKED_SERIALS);
    for (String serial : serials) {
      if (!SERIAL.matcher(serial).matches()) {
        throw new IllegalArgumentException(
            "revokedSerials must be lower-case hexadecimal without leading zeros, found \""
                + serial
                + "\"");
      }
    }
  }

  @Override
  public Kind kind() {
    return Kind.CLIENT_AUTHORITY;
  }

  @Override
  public String key() {
    return id.toString();
  }

  /** Which name of a certificate says who calls. */
  public enum SubjectName implements WireName {
    /** The one URI, which must be a SPIFFE ID of the trust domain (X509-SVID section 2). */
    SPIFFE("spiffe"),
    /** The first URI of the subject's alternative names (RFC 5280 section 4.2.1.6). */
    URI("uri"),
    /** The first DNS name of the alternative names. */
    DNS("dns"),
    /** The first address of the alternative names. */
    EMAIL("email"),
    /** The most specific common name of the subject. */
    COMMON_NAME("common-name"),
    /** The whole subject (RFC 2253). */
    DISTINGUISHED_NAME("distinguished-name");

    private final String wireName;

    SubjectName(String wireName) {
      this.wireName = wireName;
    }

    @Override
    public String wireName() {
      return wireName;
    }

    /**
     * Reads {@link #wireName()} back.
     *
     * @throws IllegalArgumentException if there is no such name
     */
    @JsonCreator
    public static SubjectName fromWireName(String name) {
      return WireName.parse("subject", values(), name);
    }
  }
}

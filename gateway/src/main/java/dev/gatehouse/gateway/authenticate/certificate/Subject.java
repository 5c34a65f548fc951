package dev.gatehouse.gateway.authenticate.certificate;

import dev.gatehouse.contract.edge.EdgeClientAuthority;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import javax.naming.NamingException;
import javax.naming.directory.Attribute;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import javax.security.auth.x500.X500Principal;
import org.jspecify.annotations.Nullable;

/** Whom a certificate stands for, by the name that its authority's tenant goes by. */
final class Subject {
  /** As for tokens: it goes into the signed context, which is bounded. */
  private static final int MAX_LENGTH = 255;

  /** Types of alternative names (RFC 5280 section 4.2.1.6). */
  private static final int EMAIL = 1;

  private static final int DNS = 2;
  private static final int URI = 6;

  /** SPIFFE-ID sections 2.1 and 2.2: no empty segments, no dots, nothing behind the path. */
  private static final Pattern SPIFFE_ID =
      Pattern.compile("spiffe://([a-z0-9._-]+)((?:/(?!\\.{1,2}(?:/|$))[A-Za-z0-9._-]+)+)");

  private Subject() {}

  /** Empty if it has no such name, or one that this authority may not speak for. */
  static Optional<String> of(X509Certificate certificate, EdgeClientAuthority authority) {
    return nameIn(certificate, authority)
        .filter(Subject::isFit)
        .filter(name -> authority.subjects().map(allowed -> isAmong(allowed, name)).orElse(true));
  }

  private static Optional<String> nameIn(
      X509Certificate certificate, EdgeClientAuthority authority) {
    try {
      return switch (authority.subject()) {
        case SPIFFE -> spiffeId(certificate, authority.trustDomain().orElseThrow());
        case URI -> first(certificate, URI);
        case DNS -> first(certificate, DNS).map(name -> name.toLowerCase(Locale.ROOT));
        case EMAIL -> first(certificate, EMAIL);
        case COMMON_NAME -> commonName(certificate);
        case DISTINGUISHED_NAME -> Optional.of(distinguishedName(certificate));
      };
    } catch (CertificateParsingException | NamingException _) {
      return Optional.empty();
    }
  }

  /** X509-SVID section 2: exactly one URI, which is the ID; others of other types do not matter. */
  private static Optional<String> spiffeId(X509Certificate certificate, String trustDomain)
      throws CertificateParsingException {
    List<String> uris = alternatives(certificate, URI);
    if (uris.size() != 1) {
      return Optional.empty();
    }
    var parts = SPIFFE_ID.matcher(uris.getFirst());
    return parts.matches() && parts.group(1).equals(trustDomain)
        ? Optional.of(uris.getFirst())
        : Optional.empty();
  }

  private static Optional<String> first(X509Certificate certificate, int type)
      throws CertificateParsingException {
    return alternatives(certificate, type).stream().findFirst();
  }

  private static List<String> alternatives(X509Certificate certificate, int type)
      throws CertificateParsingException {
    Collection<List<?>> names = certificate.getSubjectAlternativeNames();
    return names == null
        ? List.of()
        : names.stream()
            .filter(name -> Integer.valueOf(type).equals(name.get(0)))
            .map(name -> String.valueOf(name.get(1)))
            .toList();
  }

  /** The most specific: the last one of the subject, which RFC 2253 writes first. */
  private static Optional<String> commonName(X509Certificate certificate) throws NamingException {
    List<Rdn> names = new LdapName(distinguishedName(certificate)).getRdns();
    for (Rdn name : names.reversed()) {
      if (valueIn(name) instanceof String text) {
        return Optional.of(text);
      }
    }
    return Optional.empty();
  }

  private static @Nullable Object valueIn(Rdn name) throws NamingException {
    Attribute attribute = name.toAttributes().get("CN");
    return attribute == null ? null : attribute.get();
  }

  private static String distinguishedName(X509Certificate certificate) {
    return certificate.getSubjectX500Principal().getName(X500Principal.RFC2253);
  }

  /** Whether it can be told on: nothing that is invisible, or breaks a line. */
  private static boolean isFit(String name) {
    return !name.isEmpty()
        && name.length() <= MAX_LENGTH
        && name.chars().noneMatch(Character::isISOControl);
  }

  private static boolean isAmong(Set<String> allowed, String name) {
    return allowed.contains(name)
        || allowed.stream()
            .anyMatch(
                one -> one.endsWith("*") && name.startsWith(one.substring(0, one.length() - 1)));
  }
}

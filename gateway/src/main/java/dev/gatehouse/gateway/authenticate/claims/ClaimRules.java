package dev.gatehouse.gateway.authenticate.claims;

import dev.gatehouse.contract.edge.ClaimMapping;
import dev.gatehouse.gateway.bounds.Bound;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Which claims a tenant asks for, and what it reads in them. Immutable; any thread. */
public final class ClaimRules {
  @Bound(
      of = "the subject of a token",
      unit = "characters",
      atIt = "401",
      metric = "gatehouse_tokens_total{outcome=\"claims\"}")
  private static final int MAX_SUBJECT = 255;

  /** Of all roles and scopes together: they go into the signed context, which is bounded. */
  @Bound(
      of = "all roles and scopes of a token together",
      unit = "characters",
      atIt = "401",
      metric = "gatehouse_tokens_total{outcome=\"claims\"}")
  private static final int MAX_WORDS_LENGTH = 4000;

  private final Map<String, String> required;
  private final ClaimPath subject;
  private final Optional<ClaimPath> roles;
  private final ClaimPath scopes;
  private final Optional<Map<String, String>> roleNames;

  /**
   * @param mapping where it is said who calls
   * @param required claims that must be there with these values
   */
  public ClaimRules(Optional<ClaimMapping> mapping, Optional<Map<String, String>> required) {
    ClaimMapping claims = mapping.orElse(ClaimMapping.DEFAULT);
    this.required = required.orElse(Map.of());
    this.subject = ClaimPath.of(claims.subject().orElse("sub"));
    this.roles = claims.roles().map(ClaimPath::of);
    this.scopes = ClaimPath.of(claims.scopes().orElse("scope"));
    this.roleNames = claims.roleNames();
  }

  /** Who holds a token. */
  public record Holder(String subject, Set<String> roles, Set<String> scopes) {}

  /**
   * Reads who it is.
   *
   * @throws MissingClaimException if a required claim is not as it should be, there is no subject,
   *     or there is more than the signed context can take
   */
  public Holder holderIn(Map<String, Object> claims) throws MissingClaimException {
    for (Map.Entry<String, String> one : required.entrySet()) {
      if (!holds(ClaimPath.of(one.getKey()).in(claims), one.getValue())) {
        throw new MissingClaimException();
      }
    }
    String who = subject.in(claims) instanceof String text ? text : "";
    Set<String> foundRoles = rolesIn(claims);
    Set<String> foundScopes = wordsOf(scopes.in(claims));
    if (who.isEmpty()
        || who.length() > MAX_SUBJECT
        || lengthOf(foundRoles) + lengthOf(foundScopes) > MAX_WORDS_LENGTH) {
      throw new MissingClaimException();
    }
    return new Holder(who, foundRoles, foundScopes);
  }

  private static boolean holds(@Nullable Object found, String expected) {
    return found instanceof List<?> list
        ? list.stream().anyMatch(one -> expected.equals(String.valueOf(one)))
        : found != null && expected.equals(String.valueOf(found));
  }

  private Set<String> rolesIn(Map<String, Object> claims) {
    if (roles.isEmpty()) {
      return Set.of();
    }
    Set<String> said = wordsOf(roles.get().in(claims));
    return roleNames.isEmpty()
        ? said
        : said.stream()
            .flatMap(role -> Stream.ofNullable(roleNames.get().get(role)))
            .collect(Collectors.toUnmodifiableSet());
  }

  /** As JSON has them. */
  private static int lengthOf(Set<String> words) {
    return words.stream().mapToInt(word -> word.length() + 3).sum();
  }

  private static Set<String> wordsOf(@Nullable Object claim) {
    Stream<String> words =
        switch (claim) {
          case String text -> Stream.of(text.split(" ", -1));
          case List<?> list ->
              list.stream().filter(String.class::isInstance).map(String.class::cast);
          case null, default -> Stream.of();
        };
    return words.filter(word -> !word.isEmpty()).collect(Collectors.toUnmodifiableSet());
  }
}

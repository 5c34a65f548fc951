package dev.gatehouse.controlplane.api;

import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Who calls, proved by a token.
 *
 * @param tokenId the public part of the token
 * @param name for people: what an operator's token was made for, or the user's email address
 * @param user whose token it is; empty for an operator's
 * @param platformRole the role on the platform, if there is one
 * @param permissions what the caller may do in this request: by the role on the platform and, under
 *     a tenant's path, by the membership there, within the token's bounds
 * @param bounds what narrows the token
 */
public record Caller(
    String tokenId,
    String name,
    Optional<UUID> user,
    Optional<String> platformRole,
    Set<Permission> permissions,
    TokenBounds bounds) {

  /** Whether the request may do this. */
  public boolean may(Permission permission) {
    return permissions.contains(permission);
  }

  /**
   * Refuses what the request asks for besides its operation.
   *
   * @throws ProblemException {@code FORBIDDEN} with the name of what is missing
   */
  public void require(Permission permission) {
    if (!may(permission)) {
      throw forbidden(permission);
    }
  }

  static ProblemException forbidden(Permission missing) {
    String name = missing.wireName();
    return new ProblemException(Problem.FORBIDDEN, "the permission " + name + " is needed")
        .withHeader(
            "WWW-Authenticate",
            "Bearer realm=\"gatehouse\", error=\"insufficient_scope\", scope=\"" + name + "\"");
  }

  /**
   * Refuses to hand on what the caller does not have.
   *
   * @throws ProblemException {@code FORBIDDEN} with the names of what is missing
   */
  public void requireAll(Set<Permission> needed) {
    if (!permissions.containsAll(needed)) {
      String missing =
          String.join(
              ", ",
              Permissions.names(needed.stream().filter(permission -> !may(permission)).toList()));
      throw new ProblemException(
          Problem.FORBIDDEN, "nobody gives or takes what they do not have themselves: " + missing);
    }
  }

  /**
   * The user who calls for themselves, by a token that nothing narrows.
   *
   * @throws ProblemException {@code FORBIDDEN} if it is an operator's token or has scopes
   */
  public UUID requireUser() {
    if (user.isEmpty() || bounds.scopes().isPresent()) {
      throw new ProblemException(
          Problem.FORBIDDEN, "this is for users only, with a token that has no scopes");
    }
    return user.get();
  }

  Caller with(Set<Permission> others) {
    return new Caller(tokenId, name, user, platformRole, others, bounds);
  }
}

package dev.gatehouse.contract.edge;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * An API key of a tenant, without its secret.
 *
 * @param id the public part of the key, {@link dev.gatehouse.contract.token.SecretToken#id()}
 * @param tenantId whose it is; it opens no other tenant's door
 * @param hash {@link dev.gatehouse.contract.token.SecretToken#hash()}, lower-case hex
 * @param subject who calls with it
 * @param roles what the caller may do
 * @param expiresAt from when on it is refused; never if absent
 * @param scopes what the key may be used for, in the application's words; absent if it has none
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record EdgeApiKey(
    String id,
    UUID tenantId,
    String hash,
    String subject,
    Set<String> roles,
    Optional<Instant> expiresAt,
    Optional<Set<String>> scopes)
    implements EdgeObject {

  public EdgeApiKey {
    roles = Set.copyOf(roles);
    scopes = scopes.map(Set::copyOf);
  }

  /** An API key without scopes. */
  public EdgeApiKey(
      String id,
      UUID tenantId,
      String hash,
      String subject,
      Set<String> roles,
      Optional<Instant> expiresAt) {
    this(id, tenantId, hash, subject, roles, expiresAt, Optional.empty());
  }

  @Override
  public Kind kind() {
    return Kind.API_KEY;
  }

  @Override
  public String key() {
    return id;
  }
}

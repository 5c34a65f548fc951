package dev.gatehouse.contract.context;

import dev.gatehouse.contract.database.DatabaseAccess;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Who is calling, for which tenant, and for which service this was said.
 *
 * @param tenantId the tenant; claim {@code tid}
 * @param tenantSlug its slug at that time; claim {@code tenant}
 * @param subject the caller; claim {@code sub}
 * @param roles what the caller may do at that tenant; claim {@code roles}
 * @param scopes what the credential may be used for, in the application's words; empty if it has
 *     none; the claim of RFC 8693 section 4.2
 * @param authenticatedBy how the caller proved it: {@code anonymous}, {@code api-key}; claim {@code
 *     amr}
 * @param service for whom it was said; claim {@code aud}
 * @param issuedAt whole seconds; claim {@code iat}
 * @param expiresAt whole seconds; claim {@code exp}
 * @param database where the data of the tenant are, for a service that asks for it; claim {@code
 *     db}
 */
public record TenantContext(
    UUID tenantId,
    String tenantSlug,
    String subject,
    Set<String> roles,
    Set<String> scopes,
    String authenticatedBy,
    String service,
    Instant issuedAt,
    Instant expiresAt,
    Optional<DatabaseAccess> database) {

  /** Request header that carries the signed context. */
  public static final String HEADER = "X-Tenant-Context";

  /**
   * Request header that carries the tenant's id, for logs and for applications that trust their
   * network.
   */
  public static final String ID_HEADER = "X-Tenant-Id";

  /** Request header that carries the tenant's slug. */
  public static final String SLUG_HEADER = "X-Tenant-Slug";

  /** Claim {@code iss} of every context. */
  public static final String ISSUER = "gatehouse";

  /**
   * Header parameter {@code typ} of every context: no other JWT can be mistaken for one (RFC 8725
   * section 3.11).
   */
  public static final String TYPE = "gatehouse-context+jwt";

  /**
   * Path, on every gateway's admin port and on the control plane, of the JWKS (RFC 7517) that
   * verifies contexts.
   */
  public static final String JWKS_PATH = "/.well-known/jwks.json";

  public TenantContext {
    roles = Set.copyOf(roles);
    scopes = Set.copyOf(scopes);
  }

  /** A context for a service that does not ask where data are. */
  public TenantContext(
      UUID tenantId,
      String tenantSlug,
      String subject,
      Set<String> roles,
      Set<String> scopes,
      String authenticatedBy,
      String service,
      Instant issuedAt,
      Instant expiresAt) {
    this(
        tenantId,
        tenantSlug,
        subject,
        roles,
        scopes,
        authenticatedBy,
        service,
        issuedAt,
        expiresAt,
        Optional.empty());
  }

  /** The same, for a credential that has no scopes. */
  public TenantContext(
      UUID tenantId,
      String tenantSlug,
      String subject,
      Set<String> roles,
      String authenticatedBy,
      String service,
      Instant issuedAt,
      Instant expiresAt) {
    this(
        tenantId,
        tenantSlug,
        subject,
        roles,
        Set.of(),
        authenticatedBy,
        service,
        issuedAt,
        expiresAt);
  }
}

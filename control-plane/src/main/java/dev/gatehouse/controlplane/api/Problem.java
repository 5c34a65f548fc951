package dev.gatehouse.controlplane.api;

import java.util.Locale;

/** Every way in which the API refuses a request (RFC 9457). Its type is stable. */
public enum Problem {
  MALFORMED_REQUEST(400, "The request is malformed"),
  MALFORMED_JSON(400, "The body is not well-formed JSON"),
  INVALID_BODY(400, "The body is not what the operation expects"),
  INVALID_PARAMETER(400, "A parameter is not what the operation expects"),
  INVALID_CURSOR(400, "The cursor is not one that this list gave"),
  INVALID_IDEMPOTENCY_KEY(400, "The idempotency key is not usable"),
  UNAUTHENTICATED(401, "A valid token is needed"),
  FORBIDDEN(403, "The caller is not allowed to do this"),
  CONTEXT_REFUSED(403, "The context is not one of a request of this tenant"),
  NOT_FOUND(404, "There is nothing here"),
  TENANT_NOT_FOUND(404, "There is no such tenant"),
  PLAN_NOT_FOUND(404, "There is no such plan"),
  DOMAIN_NOT_FOUND(404, "The tenant has no such domain"),
  SERVICE_NOT_FOUND(404, "There is no such service"),
  GATEWAY_NOT_FOUND(404, "There is no such gateway"),
  ROUTE_NOT_FOUND(404, "There is no such route"),
  BLUEPRINT_NOT_FOUND(404, "There is no such blueprint"),
  BLUEPRINT_VERSION_NOT_FOUND(404, "The blueprint has no such version"),
  ROLLOUT_NOT_FOUND(404, "There is no such rollout"),
  PARTITION_NOT_FOUND(404, "There is no such partition"),
  KEY_NOT_FOUND(404, "The keyset has no such key"),
  KEY_ENCRYPTION_KEY_NOT_FOUND(404, "The tenant has no key-encryption key of its own"),
  API_KEY_NOT_FOUND(404, "The tenant has no such API key"),
  IDENTITY_PROVIDER_NOT_FOUND(404, "The tenant has no such identity provider"),
  CERTIFICATE_NOT_FOUND(404, "There is no such certificate"),
  CLIENT_AUTHORITY_NOT_FOUND(404, "The tenant has no such client authority"),
  INTROSPECTION_NOT_FOUND(404, "The tenant has nobody asked about tokens"),
  FORWARD_AUTH_NOT_FOUND(404, "The tenant has no service that decides about requests"),
  TOKEN_NOT_FOUND(404, "There is no such token"),
  SCHEDULE_NOT_FOUND(404, "The tenant has no such schedule"),
  IMPORT_NOT_FOUND(404, "There is no such import"),
  USER_NOT_FOUND(404, "There is no such user"),
  MEMBER_NOT_FOUND(404, "The tenant has no such member"),
  ROLE_NOT_FOUND(404, "The tenant has no such role"),
  INVITATION_NOT_FOUND(404, "There is no such invitation"),
  METHOD_NOT_ALLOWED(405, "The resource does not have this method"),
  SLUG_TAKEN(409, "The slug belongs to another tenant"),
  PLAN_NAME_TAKEN(409, "A plan of this name exists already"),
  PLAN_IN_USE(409, "Tenants are on the plan"),
  HOST_TAKEN(409, "The host name is registered already"),
  SERVICE_NAME_TAKEN(409, "A service of this name exists already"),
  SERVICE_IN_USE(409, "Routes or tenants name the service"),
  ROUTE_TAKEN(409, "A route that matches the same requests exists already"),
  DOMAIN_LIMIT_REACHED(409, "The tenant has as many custom domains as it may have"),
  TRANSITION_NOT_ALLOWED(409, "The tenant's status does not allow this"),
  TENANT_READ_ONLY(409, "The tenant is archived, nothing of it can be changed"),
  PROVISIONING_UNFINISHED(409, "The tenant's provisioning is not so far"),
  TOO_MANY_IMPORTS(409, "As many imports run as may run at once"),
  IMPORT_ENDED(409, "The import has ended already"),
  LAST_OPERATOR_TOKEN(409, "The last administrator's token cannot be revoked"),
  IDENTITY_TAKEN(409, "The identity belongs to another user"),
  ALREADY_MEMBER(409, "The user is a member of the tenant already"),
  ALREADY_INVITED(409, "The address has an open invitation already"),
  LAST_OWNER(409, "The tenant would be left without an owner"),
  ROLE_NAME_TAKEN(409, "The tenant has a role of this name already"),
  ROLE_IN_USE(409, "Members or invitations have the role"),
  USER_LIMIT_REACHED(409, "The tenant has as many users as it may have"),
  TOO_MANY_ROLES(409, "The tenant has as many roles as it may have"),
  TOO_MANY_INVITATIONS(409, "The tenant has as many open invitations as it may have"),
  TOO_MANY_MEMBERSHIPS(409, "The user is a member of as many tenants as possible"),
  TOKEN_EXPIRED(409, "The token has expired"),
  TOKEN_ROTATED(409, "The token has a successor already"),
  TOO_MANY_TOKENS(409, "There are as many tokens as there may be"),
  IDENTITY_PROVIDER_NAME_TAKEN(409, "The tenant has an identity provider of this name already"),
  ISSUER_TAKEN(409, "The tenant has an identity provider with this issuer already"),
  TOO_MANY_IDENTITY_PROVIDERS(409, "The tenant has as many identity providers as it may have"),
  CERTIFICATE_IS_ORDERED(409, "The certificate is ordered and renewed by the platform"),
  TOO_MANY_CERTIFICATES(409, "There is no room for one more certificate"),
  CLIENT_AUTHORITY_NAME_TAKEN(409, "The tenant has a client authority of this name already"),
  TOO_MANY_CLIENT_AUTHORITIES(409, "The tenant has as many client authorities as it may have"),
  TOO_MANY_REVOKED_SUBJECTS(409, "As many subjects are revoked as may be"),
  KEY_IN_USE(409, "The key is the one that encrypts or signs"),
  KEY_EXHAUSTED(409, "The key has encrypted as many messages as is safe"),
  BLUEPRINT_NAME_TAKEN(409, "A blueprint of this name exists already"),
  TOO_MANY_BLUEPRINTS(409, "There are as many blueprints as there may be"),
  VERSION_FROZEN(409, "The version has been rolled out and cannot change"),
  VERSION_GAP(409, "Versions have no gaps between them"),
  ROLLOUT_OPEN(409, "A rollout of the blueprint is under way"),
  ROLLOUT_ENDED(409, "The rollout has ended"),
  PARTITION_NAME_TAKEN(409, "A partition of this name exists already"),
  PARTITION_IN_USE(409, "Tenants are in the partition"),
  TOO_MANY_PARTITIONS(409, "There are as many partitions as there may be"),
  ALREADY_PLACED(409, "The tenant's data have a place already"),
  NO_PARTITION(409, "There is no partition for the tenant's data"),
  NOT_PLACED(409, "The tenant's data have no place yet"),
  TOO_MANY_KEYS(409, "The keyset has as many keys as it may have"),
  KEY_WITHHELD(409, "The tenant's own key-encryption key is withheld"),
  VERSION_STALE(412, "Someone else has changed it meanwhile"),
  BODY_TOO_LARGE(413, "The body is too large"),
  UNSUPPORTED_MEDIA_TYPE(415, "The body has a media type that the operation does not take"),
  SLUG_RESERVED(422, "The slug is reserved"),
  HOST_NOT_ALLOWED(422, "The host name cannot be a custom domain"),
  ADDRESS_NOT_ALLOWED(422, "Nothing may be fetched from the address"),
  UNKNOWN_PLAN(422, "A plan is named that does not exist"),
  UNKNOWN_PARTITION(422, "A partition is named that does not exist"),
  UNKNOWN_SERVICE(422, "A service is named that does not exist"),
  UNKNOWN_ROLE(422, "A role is named that does not exist"),
  UNKNOWN_TENANT(422, "A tenant is named that does not exist"),
  KEY_SERVICE_REFUSED(422, "The key-encryption key cannot be used"),
  CIPHERTEXT_REFUSED(422, "The ciphertext does not open for this tenant and context"),
  IDEMPOTENCY_KEY_REUSED(422, "The idempotency key was used for another request"),
  RATE_LIMITED(429, "Too many requests"),
  CHECKED_A_MOMENT_AGO(429, "The domain is looked at already"),
  INTERNAL_ERROR(500, "The control plane failed"),
  UNAVAILABLE(503, "The control plane cannot reach its database"),
  NO_GATEWAY(503, "No gateway is connected"),
  GATEWAY_CANNOT_TELL(503, "The gateway cannot tell"),
  TOO_MANY_QUESTIONS(503, "This instance asks gateways as much as it may"),
  GATEWAY_SILENT(504, "The gateway did not answer"),
  TOO_MANY_EXPORTS(503, "This instance writes as many exports as it may"),
  TOO_MANY_GATEWAYS(503, "This instance feeds as many gateways as it may");

  private static final String TYPES = "https://gatehouse.dev/problems/";

  private final int status;
  private final String title;

  Problem(int status, String title) {
    this.status = status;
    this.title = title;
  }

  /** The HTTP status. */
  public int status() {
    return status;
  }

  /** A sentence that is the same each time. */
  public String title() {
    return title;
  }

  /** The URI that names this problem. */
  public String type() {
    return TYPES + name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}

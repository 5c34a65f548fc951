package dev.gatehouse.controlplane.domain;

import dev.gatehouse.contract.audit.Sha256;
import dev.gatehouse.contract.edge.DomainChallenge;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.OptionalInt;
import java.util.UUID;

/**
 * A tenant's claim to a host.
 *
 * @param token what proves it; drawn for this claim alone
 * @param redirectStatus 301 or 308, of a redirect
 * @param version counts the changes
 */
record Domain(
    UUID tenantId,
    DomainName name,
    DomainRole role,
    OptionalInt redirectStatus,
    String token,
    Ownership ownership,
    Certificate certificate,
    long version,
    Instant createdAt) {

  /** Whether the edge serves it, or redirects from it. */
  boolean isServed() {
    return ownership.isVerified();
  }

  /** What a gateway answers where it is asked for the token. */
  DomainChallenge challenge() {
    return new DomainChallenge(name.host(), token, token + "." + digest());
  }

  /** The path at which the host is asked. */
  String challengePath() {
    return DomainChallenge.PATH + token;
  }

  /** Not to be guessed from the path: a server that repeats what it is asked for proves nothing. */
  private String digest() {
    String claim = tenantId + "\n" + name + "\n" + token;
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(Sha256.of(claim.getBytes(StandardCharsets.UTF_8)));
  }

  Domain with(Ownership changed) {
    return new Domain(
        tenantId, name, role, redirectStatus, token, changed, certificate, version, createdAt);
  }

  Domain with(DomainUse use) {
    return new Domain(
        tenantId,
        name,
        use.role(),
        use.redirectStatus(),
        token,
        ownership,
        certificate,
        version,
        createdAt);
  }

  /** What a merge patch is applied to. */
  JsonObject changeable() {
    JsonObject json = new JsonObject().put("role", role.wireName());
    redirectStatus.ifPresent(status -> json.put("redirectStatus", status));
    return json;
  }

  /** As it stands in a list. */
  JsonObject toJson() {
    JsonObject json = new JsonObject().put("host", name.toString());
    String unicode = name.unicode();
    if (!unicode.equals(name.toString())) {
      json.put("unicodeHost", unicode);
    }
    return json.mergeIn(changeable())
        .put("verification", ownership.isTrusted() ? "none" : "proof")
        .put("ownership", ownership.toJson())
        .put("certificate", certificate.toJson())
        .put("createdAt", createdAt.toString());
  }
}

package dev.gatehouse.contract.edge;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;

/**
 * The keys that verify an issuer's tokens. Exactly one of the two is given.
 *
 * @param jwksUrl where the issuer publishes them (RFC 7517 section 5); {@code http} only within the
 *     ranges that the operator allows
 * @param jwks the keys themselves, public ones only
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record IssuerKeys(Optional<String> jwksUrl, Optional<JsonNode> jwks) {
  private static final int MAX_KEYS = 100;
  private static final int MAX_JWKS_LENGTH = 64 * 1024;

  /**
   * @throws IllegalArgumentException if none or both are given, the URL is not one that can be
   *     fetched, or the keys are no list of keys
   */
  public IssuerKeys {
    // What is not there is a node of its own to Jackson.
    jwks = jwks.filter(node -> !node.isNull() && !node.isMissingNode());
    if (jwksUrl.isPresent() == jwks.isPresent()) {
      throw new IllegalArgumentException("keys must have either jwksUrl or jwks");
    }
    jwksUrl.ifPresent(url -> HttpText.checkUrl("jwksUrl", url));
    jwks.ifPresent(IssuerKeys::checkKeys);
  }

  private static void checkKeys(JsonNode jwks) {
    JsonNode keys = jwks.path("keys");
    if (!keys.isArray() || keys.isEmpty() || keys.size() > MAX_KEYS) {
      throw new IllegalArgumentException(
          "jwks must be an object with 1 to " + MAX_KEYS + " keys (RFC 7517 section 5)");
    }
    Range.check("length of jwks", jwks.toString().length(), 1, MAX_JWKS_LENGTH);
    for (JsonNode key : keys) {
      if (key.has("d") || key.has("k")) {
        throw new IllegalArgumentException("jwks must hold public keys only");
      }
    }
  }
}

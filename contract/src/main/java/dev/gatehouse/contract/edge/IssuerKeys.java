package dev.gatehouse.contract.edge;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.net.URISyntaxException;
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
  private static final int MAX_URL_LENGTH = 2000;
  private static final int MAX_KEYS = 100;
  private static final int MAX_JWKS_LENGTH = 64 * 1024;

  /**
   * @throws IllegalArgumentException if none or both are given, the URL is not one that can be
   *     fetched, or the keys are no list of keys
   */
  public IssuerKeys {
    jwks = jwks.filter(node -> !node.isNull()); // as Jackson reads what is not there
    if (jwksUrl.isPresent() == jwks.isPresent()) {
      throw new IllegalArgumentException("keys must have either jwksUrl or jwks");
    }
    jwksUrl.ifPresent(IssuerKeys::checkUrl);
    jwks.ifPresent(IssuerKeys::checkKeys);
  }

  private static void checkUrl(String url) {
    Range.check("length of jwksUrl", url.length(), 1, MAX_URL_LENGTH);
    if (!isPlainUrl(url)) {
      throw new IllegalArgumentException(
          "jwksUrl must be an https URL without a user or a fragment, found \"" + url + "\"");
    }
  }

  private static boolean isPlainUrl(String text) {
    try {
      URI uri = new URI(text);
      return ("https".equals(uri.getScheme()) || "http".equals(uri.getScheme()))
          && uri.getHost() != null
          && uri.getRawUserInfo() == null
          && uri.getRawFragment() == null;
    } catch (URISyntaxException _) {
      return false;
    }
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

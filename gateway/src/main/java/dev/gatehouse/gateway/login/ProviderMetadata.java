package dev.gatehouse.gateway.login;

import dev.gatehouse.egress.EgressClient.Fetched;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;

/**
 * What an identity provider says of itself (OpenID Connect Discovery 1.0 section 3).
 *
 * @param authorizationEndpoint where browsers are sent to log in
 * @param tokenEndpoint where codes become tokens
 * @param endSessionEndpoint where browsers are sent to log out, if that can be
 * @param namesItself whether its answers say whose they are (RFC 9207)
 */
record ProviderMetadata(
    URI authorizationEndpoint,
    URI tokenEndpoint,
    Optional<URI> endSessionEndpoint,
    boolean namesItself) {

  /**
   * Reads it.
   *
   * @param issuer whose it must be
   * @throws IllegalArgumentException if it is not, or lacks something, or the provider cannot do
   *     what is needed
   */
  static ProviderMetadata read(String issuer, Fetched fetched) {
    if (fetched.status() != 200) {
      throw new IllegalArgumentException("answered " + fetched.status() + ", expected 200");
    }
    JsonObject json;
    try {
      json = new JsonObject(fetched.body());
    } catch (DecodeException e) {
      throw new IllegalArgumentException("answered with no JSON object", e);
    }
    if (!issuer.equals(json.getValue("issuer"))) {
      throw new IllegalArgumentException(
          "says that it is another issuer: " + Foreign.text(json.getValue("issuer")));
    }
    if (json.getValue("code_challenge_methods_supported") instanceof JsonArray methods
        && !methods.contains("S256")) {
      throw new IllegalArgumentException("does not support PKCE with S256 (RFC 7636)");
    }
    return new ProviderMetadata(
        endpoint(json, "authorization_endpoint", issuer),
        endpoint(json, "token_endpoint", issuer),
        json.containsKey("end_session_endpoint")
            ? Optional.of(endpoint(json, "end_session_endpoint", issuer))
            : Optional.empty(),
        Boolean.TRUE.equals(json.getValue("authorization_response_iss_parameter_supported")));
  }

  /** Not in the clear, unless the issuer itself is. */
  private static URI endpoint(JsonObject json, String name, String issuer) {
    if (json.getValue(name) instanceof String text) {
      try {
        URI uri = new URI(text);
        boolean clear = "http".equals(uri.getScheme()) && issuer.startsWith("http://");
        if (uri.getHost() != null
            && uri.getRawUserInfo() == null
            && uri.getRawFragment() == null
            && (clear || "https".equals(uri.getScheme()))) {
          return uri;
        }
      } catch (URISyntaxException _) {
        // As below.
      }
    }
    throw new IllegalArgumentException(
        "says no " + name + " that is an https URL, found " + Foreign.text(json.getValue(name)));
  }
}

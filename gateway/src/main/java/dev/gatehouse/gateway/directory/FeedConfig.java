package dev.gatehouse.gateway.directory;

import dev.gatehouse.contract.token.SecretToken;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.net.URI;

/**
 * Where the gateway learns about tenants.
 *
 * @param url the control plane, for example {@code http://127.0.0.1:9000}
 * @param token a gateway token ({@code ghg_…}); also the secret that seals the snapshot on disk
 */
public record FeedConfig(URI url, String token) {
  /**
   * @throws IllegalArgumentException if the URL is not http or https, or the token not a gateway's
   */
  public FeedConfig {
    if (!("http".equals(url.getScheme()) || "https".equals(url.getScheme()))
        || url.getHost() == null) {
      throw new IllegalArgumentException("url must be an http or https URL, found " + url);
    }
    if (SecretToken.parse(SecretToken.Kind.GATEWAY, token).isEmpty()) {
      throw new IllegalArgumentException(
          "token must be a gateway token (ghg_…), found something else");
    }
  }

  /** A request to the control plane, as the gateway that this is. */
  public RequestOptions request(HttpMethod method, String path) {
    return new RequestOptions()
        .setMethod(method)
        .setAbsoluteURI(url.resolve(path).toString())
        .putHeader(HttpHeaders.AUTHORIZATION, "Bearer " + token);
  }

  @Override
  public String toString() {
    return "FeedConfig[url=" + url + "]";
  }
}

package dev.gatehouse.gateway.directory;

import dev.gatehouse.contract.token.SecretToken;
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

  @Override
  public String toString() {
    return "FeedConfig[url=" + url + "]";
  }
}

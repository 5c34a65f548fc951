package dev.gatehouse.gateway.directory;

import dev.gatehouse.contract.token.SecretToken;
import dev.gatehouse.gateway.pem.PemFiles;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * Where the gateway learns about tenants.
 *
 * @param url the control plane, for example {@code http://127.0.0.1:9000}
 * @param token a gateway token ({@code ghg_…}); also the secret that seals the snapshot on disk
 * @param trust PEM file with the authorities that may vouch for the control plane; those of the
 *     Java runtime if absent
 */
public record FeedConfig(URI url, String token, Optional<Path> trust) {
  /**
   * With what the Java runtime trusts.
   *
   * @throws IllegalArgumentException if the URL is not http or https, or the token not a gateway's
   */
  public FeedConfig(URI url, String token) {
    this(url, token, Optional.empty());
  }

  /**
   * @throws IllegalArgumentException if the URL is not http or https, the token not a gateway's, or
   *     a file is named that cannot be read, or would not be used
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
    if (trust.isPresent() && "http".equals(url.getScheme())) {
      throw new IllegalArgumentException(
          "url must be https:// where trust is given, found http://");
    }
    trust.ifPresent(file -> PemFiles.requireCertificates("trust", file));
  }

  /** For clients of the control plane. */
  public HttpClientOptions clientOptions(Duration connectTimeout) {
    HttpClientOptions options =
        new HttpClientOptions().setConnectTimeout(Math.toIntExact(connectTimeout.toMillis()));
    trust.map(PemFiles::trusting).ifPresent(options::setTrustOptions);
    return options;
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

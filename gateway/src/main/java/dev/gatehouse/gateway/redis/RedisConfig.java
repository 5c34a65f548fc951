package dev.gatehouse.gateway.redis;

import dev.gatehouse.gateway.pem.PemFiles;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.redis.client.RedisOptions;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Where Redis is.
 *
 * @param url for example {@code redis://127.0.0.1:6379}, or {@code rediss://…} with TLS: its
 *     certificate must be for the host of the URL
 * @param trust PEM file with the authorities that may vouch for it; those of the Java runtime if
 *     absent
 * @param certificate PEM file with the gateway's own certificate, where Redis asks for one
 * @param key PEM file with its private key (PKCS#8)
 */
public record RedisConfig(
    URI url, Optional<Path> trust, Optional<Path> certificate, Optional<Path> key) {
  private static final Pattern DATABASE = Pattern.compile("(/[0-9]{0,5})?");

  /**
   * With what the Java runtime trusts, and no certificate of its own.
   *
   * @throws IllegalArgumentException if the URL is not a Redis URL
   */
  public RedisConfig(URI url) {
    this(url, Optional.empty(), Optional.empty(), Optional.empty());
  }

  /**
   * @throws IllegalArgumentException if the URL is not a Redis URL, a file cannot be read, or one
   *     is named that would not be used
   */
  public RedisConfig {
    if (!("redis".equals(url.getScheme()) || "rediss".equals(url.getScheme()))) {
      throw new IllegalArgumentException("url must be redis:// or rediss://, found another scheme");
    }
    if (url.getHost() == null) {
      throw new IllegalArgumentException(
          "url must name a host of letters, digits, dots and hyphens, such as"
              + " redis://redis.internal:6379, found none");
    }
    if (url.getRawQuery() != null || !DATABASE.matcher(url.getRawPath()).matches()) {
      throw new IllegalArgumentException(
          "url must end with the port, or the number of a database, as in"
              + " redis://redis.internal:6379/0, found more");
    }
    if (certificate.isPresent() != key.isPresent()) {
      throw new IllegalArgumentException("certificate and key must be given together");
    }
    if ("redis".equals(url.getScheme()) && (trust.isPresent() || key.isPresent())) {
      throw new IllegalArgumentException(
          "url must be rediss:// where trust or certificate is given, found redis://");
    }
    trust.ifPresent(file -> PemFiles.requireCertificates("trust", file));
    certificate.ifPresent(file -> PemFiles.requireCertificates("certificate", file));
    key.ifPresent(file -> PemFiles.requireKey("key", file));
  }

  /** For a client that connects there. A plus stands for itself, as in every other URL. */
  public RedisOptions options(Duration connectTimeout) {
    NetClientOptions connections =
        new NetClientOptions()
            .setTcpNoDelay(true)
            .setConnectTimeout(Math.toIntExact(connectTimeout.toMillis()))
            .setHostnameVerificationAlgorithm("HTTPS");
    trust.map(PemFiles::trusting).ifPresent(connections::setTrustOptions);
    certificate.ifPresent(shown ->
        connections.setKeyCertOptions(
            new PemKeyCertOptions()
                .addCertPath(shown.toString())
                .addKeyPath(key.orElseThrow().toString())));
    return new RedisOptions()
        .setConnectionString(url.toString().replace("+", "%2B"))
        .setNetClientOptions(connections);
  }

  /** Does not show the password. */
  @Override
  public String toString() {
    return "RedisConfig[" + url.getHost() + ":" + url.getPort() + "]";
  }
}

package dev.gatehouse.controlplane.customerkey;

import com.google.crypto.tink.Aead;
import dev.gatehouse.contract.net.AddressRange;
import dev.gatehouse.egress.EgressClient;
import dev.gatehouse.egress.EgressPolicy;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The operator's key service, which speaks the API of the transit engine of HashiCorp Vault and
 * OpenBao.
 *
 * @param url its base URL, {@code https} and without a path
 * @param keyName the name of the key there
 * @param mount where the engine is mounted (default {@code transit})
 * @param namespace the namespace, where the service has such (default none)
 * @param token may decrypt with the key; or {@code file:} and the path of a file with it
 * @param certificates PEM file of authorities by which the service's own certificate is verified
 *     (default: those of the Java runtime)
 */
public record KeyServiceConfig(
    URI url,
    String keyName,
    String mount,
    Optional<String> namespace,
    String token,
    Optional<Path> certificates) {
  /** Default of {@link #mount()}. */
  public static final String MOUNT = KeyPlace.DEFAULT_MOUNT;

  private static final String FILE = "file:";

  /** Where an operator's service is, nobody need be kept from. */
  private static final EgressPolicy ANYWHERE =
      new EgressPolicy(List.of(AddressRange.parse("0.0.0.0/0"), AddressRange.parse("::/0")));

  /**
   * @throws IllegalArgumentException if the URL is not {@code https} or has a path
   */
  public KeyServiceConfig {
    boolean base = url.getPath().isEmpty() || url.getPath().equals("/");
    if (!"https".equals(url.getScheme()) || url.getHost() == null || !base) {
      throw new IllegalArgumentException("url must be https:// without a path, found " + url);
    }
  }

  /** The key; what it throws says why. Waits: not on an event loop. */
  public Aead open(Vertx vertx) {
    EgressClient http =
        EgressClient.forSingleFetches(
            vertx, ANYWHERE, "gatehouse-control-plane", TransitEngine.DEADLINE);
    KeyPlace place =
        new KeyPlace(
            url.toString(), mount, keyName, namespace, certificates.map(KeyServiceConfig::read));
    String opening =
        token.startsWith(FILE) ? read(Path.of(token.substring(FILE.length()))).strip() : token;
    return new TransitEngine(http, KeyServiceConfig::addressesOf).at(place, opening);
  }

  private static List<InetAddress> addressesOf(String host) throws KeyServiceException {
    try {
      return List.of(InetAddress.getAllByName(host));
    } catch (UnknownHostException e) {
      throw KeyServiceException.unreachable("nobody knows the host " + host);
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException("keyService names a file that cannot be read: " + file, e);
    }
  }

  /** Does not show the token. */
  @Override
  public String toString() {
    return "KeyServiceConfig[url=" + url + ", keyName=" + keyName + "]";
  }
}

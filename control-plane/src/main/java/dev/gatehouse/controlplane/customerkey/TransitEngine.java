package dev.gatehouse.controlplane.customerkey;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.crypto.tink.Aead;
import dev.gatehouse.egress.EgressClient;
import dev.gatehouse.egress.EgressException;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.net.InetAddress;
import java.net.URI;
import java.time.Duration;
import java.util.Base64;
import java.util.List;

/**
 * Encrypts and decrypts with keys that stay at a service which speaks the API of the transit engine
 * of HashiCorp Vault and OpenBao. Waits for the service: virtual threads only.
 */
final class TransitEngine {
  /** How long the service may take. */
  static final Duration DEADLINE = Duration.ofSeconds(5);

  /** What is wrapped is small. */
  private static final int MOST_BYTES = 16 << 10;

  private static final int MOST_ADDRESSES = 2;

  private final EgressClient http;
  private final Addresses addresses;

  TransitEngine(EgressClient http, Addresses addresses) {
    this.http = http;
    this.addresses = addresses;
  }

  /** Finds what a host name stands for. */
  @FunctionalInterface
  interface Addresses {
    /** Those that may be connected to; never none. */
    List<InetAddress> of(String host) throws KeyServiceException;
  }

  /** A key of such a service, for those who need no more. What it throws says why. */
  Aead at(KeyPlace place, String token) {
    return new Aead() {
      @Override
      public byte[] encrypt(byte[] plaintext, byte[] associatedData) throws KeyServiceException {
        JsonObject asked = asked("plaintext", base64(plaintext), associatedData);
        return answered(place, token, "encrypt", asked, "ciphertext").getBytes(UTF_8);
      }

      @Override
      public byte[] decrypt(byte[] ciphertext, byte[] associatedData) throws KeyServiceException {
        JsonObject asked = asked("ciphertext", new String(ciphertext, UTF_8), associatedData);
        try {
          return Base64.getDecoder().decode(answered(place, token, "decrypt", asked, "plaintext"));
        } catch (IllegalArgumentException _) {
          throw KeyServiceException.refused("the service gave what is not Base64");
        }
      }
    };
  }

  /**
   * Has the token last as long again as it was made for.
   *
   * @return whether the service did so; some tokens last in any case, or cannot be renewed
   */
  boolean renew(KeyPlace place, String token) {
    try {
      return fetched(place, token, place.renewal(), new JsonObject()).status() == 200;
    } catch (KeyServiceException _) {
      return false;
    }
  }

  private static JsonObject asked(String name, String value, byte[] associatedData) {
    return JsonObject.of(name, value, "associated_data", base64(associatedData));
  }

  private String answered(
      KeyPlace place, String token, String operation, JsonObject asked, String wanted)
      throws KeyServiceException {
    EgressClient.Fetched answer = fetched(place, token, place.operation(operation), asked);
    int status = answer.status();
    if (status != 200) {
      throw isFinal(status)
          ? KeyServiceException.refused("the service answered " + status + " to " + operation)
          : KeyServiceException.unreachable("the service answered " + status + " to " + operation);
    }
    try {
      JsonObject data = new JsonObject(answer.body()).getJsonObject("data", new JsonObject());
      if (data.getValue(wanted) instanceof String text) {
        return text;
      }
    } catch (DecodeException | ClassCastException _) {
      // Said below.
    }
    throw KeyServiceException.refused("the service gave no " + wanted);
  }

  /** What is the caller's fault stays so until somebody changes something. */
  private static boolean isFinal(int status) {
    return status >= 400
        && status < 500
        && status != 408
        && status != 412
        && status != 425
        && status != 429;
  }

  private EgressClient.Fetched fetched(KeyPlace place, String token, URI url, JsonObject asked)
      throws KeyServiceException {
    MultiMap headers =
        MultiMap.caseInsensitiveMultiMap()
            .add("Content-Type", "application/json")
            .add("X-Vault-Request", "true")
            .add("X-Vault-Token", token);
    place.namespace().ifPresent(namespace -> headers.add("X-Vault-Namespace", namespace));
    Buffer body = asked.toBuffer();
    EgressClient.Call call =
        new EgressClient.Call(
            HttpMethod.POST, url, headers, body, MOST_BYTES, DEADLINE, place.certificates());
    String last = "the service has no address";
    for (InetAddress address :
        addresses.of(url.getHost()).stream().limit(MOST_ADDRESSES).toList()) {
      try {
        return http.call(address, call).await();
      } catch (EgressException _) {
        last = "the service cannot be reached";
      }
    }
    throw KeyServiceException.unreachable(last);
  }

  private static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }
}

package dev.gatehouse.controlplane.keyset;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.gatehouse.controlplane.api.Fault;
import dev.gatehouse.controlplane.api.Problem;
import dev.gatehouse.controlplane.api.ProblemException;
import io.vertx.core.json.JsonObject;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.List;
import java.util.UUID;

/**
 * What applications do with a tenant's keys, for one thing at a time: the fields of the request in,
 * those of the answer out.
 */
enum Transit {
  ENCRYPT(KeysetKind.DATA, true) {
    @Override
    JsonObject perform(UUID tenant, Keyset keyset, JsonObject item)
        throws GeneralSecurityException {
      return encrypted(tenant, keyset, bytes(item, "plaintext"), item);
    }
  },
  DECRYPT(KeysetKind.DATA, false) {
    @Override
    JsonObject perform(UUID tenant, Keyset keyset, JsonObject item) {
      byte[] plaintext = decrypted(tenant, keyset, item);
      return JsonObject.of("plaintext", Base64.getEncoder().encodeToString(plaintext));
    }
  },
  REWRAP(KeysetKind.DATA, true) {
    @Override
    JsonObject perform(UUID tenant, Keyset keyset, JsonObject item)
        throws GeneralSecurityException {
      return encrypted(tenant, keyset, decrypted(tenant, keyset, item), item);
    }
  },
  SIGN(KeysetKind.SIGNATURES, false) {
    @Override
    JsonObject perform(UUID tenant, Keyset keyset, JsonObject item)
        throws GeneralSecurityException {
      byte[] signature = keyset.sign(bytes(item, "data"));
      return JsonObject.of("signature", Sealed.SIGNATURE.write(signature));
    }
  },
  VERIFY(KeysetKind.SIGNATURES, false) {
    @Override
    JsonObject perform(UUID tenant, Keyset keyset, JsonObject item) {
      byte[] data = bytes(item, "data");
      boolean valid =
          Sealed.SIGNATURE
              .read(item.getString("signature"))
              .filter(signature -> keyset.verifies(signature, data))
              .isPresent();
      return JsonObject.of("valid", valid);
    }
  };

  private final KeysetKind kind;
  private final boolean encrypts;

  Transit(KeysetKind kind, boolean encrypts) {
    this.kind = kind;
    this.encrypts = encrypts;
  }

  KeysetKind kind() {
    return kind;
  }

  /** Whether each of it is one more message of the key that encrypts. */
  boolean encrypts() {
    return encrypts;
  }

  /**
   * Does it.
   *
   * @throws ProblemException {@code CIPHERTEXT_REFUSED} or {@code INVALID_BODY}
   */
  abstract JsonObject perform(UUID tenant, Keyset keyset, JsonObject item)
      throws GeneralSecurityException;

  private static JsonObject encrypted(UUID tenant, Keyset keyset, byte[] plaintext, JsonObject item)
      throws GeneralSecurityException {
    byte[] ciphertext = keyset.encrypt(plaintext, associatedData(tenant, item));
    return JsonObject.of("ciphertext", Sealed.CIPHERTEXT.write(ciphertext));
  }

  private static byte[] decrypted(UUID tenant, Keyset keyset, JsonObject item) {
    byte[] ciphertext =
        Sealed.CIPHERTEXT.read(item.getString("ciphertext")).orElseThrow(Transit::refused);
    try {
      return keyset.decrypt(ciphertext, associatedData(tenant, item));
    } catch (GeneralSecurityException _) {
      throw refused();
    }
  }

  /** The tenant, the purpose and what the caller adds: no two of them give the same bytes. */
  private static byte[] associatedData(UUID tenant, JsonObject item) {
    return ("gatehouse/" + tenant + "/data/" + item.getString("context", "")).getBytes(UTF_8);
  }

  /** It does not say what is wrong, since whoever guesses must not learn it. */
  private static ProblemException refused() {
    return new ProblemException(
        Problem.CIPHERTEXT_REFUSED,
        "it was encrypted for another tenant or context or with a key that was destroyed, or it was"
            + " altered");
  }

  private static byte[] bytes(JsonObject item, String field) {
    try {
      return Base64.getDecoder().decode(item.getString(field));
    } catch (IllegalArgumentException _) {
      throw new ProblemException(
          Problem.INVALID_BODY, List.of(Fault.at("/" + field, "must be Base64 with padding")));
    }
  }
}

package dev.gatehouse.controlplane.keyset;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.crypto.tink.Aead;
import dev.gatehouse.controlplane.api.Problem;
import dev.gatehouse.controlplane.api.ProblemException;
import dev.gatehouse.controlplane.secret.MasterKey;
import dev.gatehouse.controlplane.secret.WrappingKeys;
import io.vertx.sqlclient.SqlConnection;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.UUID;
import java.util.function.BiFunction;

/**
 * How keysets rest: sealed with the master key, and within that with the key that the tenant holds
 * itself, where there is one. What is within begins with {@link #MARK} then, which no serialized
 * keyset does, and the id of that key. Any thread that may wait.
 */
final class Wrapping {
  private static final byte[] MARK = "gkc1".getBytes(US_ASCII);
  private static final int HEAD = MARK.length + 2 * Long.BYTES;

  private final MasterKey masterKey;
  private final WrappingKeys customerKeys;

  Wrapping(MasterKey masterKey, WrappingKeys customerKeys) {
    this.masterKey = masterKey;
    this.customerKeys = customerKeys;
  }

  /** As it rests. */
  byte[] wrap(SqlConnection connection, KeysetOf name, Keyset keyset) {
    byte[] serialized = keyset.serialized();
    byte[] inner =
        keyset
            .customerKey()
            .map(key ->
                sealed(name, key, customerKeys.require(connection, name.tenant(), key), serialized))
            .orElse(serialized);
    return masterKey.seal(inner, name.wrapContext());
  }

  /**
   * Opens what {@link #wrap} gave.
   *
   * @throws IllegalStateException if it was wrapped for another tenant or purpose, or with a master
   *     key that is not known, or was altered
   * @throws dev.gatehouse.controlplane.api.ProblemException {@code KEY_WITHHELD}
   */
  Keyset open(SqlConnection connection, KeysetOf name, byte[] wrapped) {
    return open(name, wrapped, (tenant, key) -> customerKeys.require(connection, tenant, key));
  }

  /**
   * The same without asking the tenant's key service.
   *
   * @throws ProblemException {@code KEY_WITHHELD} where the tenant's own key is not at hand
   */
  Keyset openAtHand(KeysetOf name, byte[] wrapped) {
    return open(name, wrapped, this::atHand);
  }

  /**
   * Makes sure that a keyset that is open may still be used.
   *
   * @throws dev.gatehouse.controlplane.api.ProblemException {@code KEY_WITHHELD}
   */
  void require(SqlConnection connection, KeysetOf name, Keyset keyset) {
    keyset
        .customerKey()
        .ifPresent(key -> {
          Aead _ = customerKeys.require(connection, name.tenant(), key);
        });
  }

  /**
   * The same without asking.
   *
   * @throws ProblemException {@code KEY_WITHHELD} where the tenant's own key is not at hand
   */
  void requireAtHand(KeysetOf name, Keyset keyset) {
    keyset
        .customerKey()
        .ifPresent(key -> {
          Aead _ = atHand(name.tenant(), key);
        });
  }

  private Aead atHand(UUID tenant, UUID key) {
    return customerKeys
        .atHand(tenant, key)
        .orElseThrow(() ->
            new ProblemException(
                Problem.KEY_WITHHELD, "the tenant's own key-encryption key is not at hand"));
  }

  private Keyset open(KeysetOf name, byte[] wrapped, BiFunction<UUID, UUID, Aead> keys) {
    byte[] inner = masterKey.open(wrapped, name.wrapContext());
    if (inner.length < HEAD || !Arrays.equals(inner, 0, MARK.length, MARK, 0, MARK.length)) {
      return Keyset.parse(name, null, inner);
    }
    ByteBuffer head = ByteBuffer.wrap(inner, MARK.length, HEAD - MARK.length);
    UUID key = new UUID(head.getLong(), head.getLong());
    try {
      byte[] sealed = Arrays.copyOfRange(inner, HEAD, inner.length);
      byte[] serialized = keys.apply(name.tenant(), key).decrypt(sealed, associatedData(name, key));
      return Keyset.parse(name, key, serialized);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("a keyset does not open with the tenant's own key", e);
    }
  }

  private static byte[] sealed(KeysetOf name, UUID key, Aead aead, byte[] serialized) {
    try {
      byte[] sealed = aead.encrypt(serialized, associatedData(name, key));
      return ByteBuffer.allocate(HEAD + sealed.length)
          .put(MARK)
          .putLong(key.getMostSignificantBits())
          .putLong(key.getLeastSignificantBits())
          .put(sealed)
          .array();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("a keyset cannot be sealed with the tenant's own key", e);
    }
  }

  private static byte[] associatedData(KeysetOf name, UUID key) {
    return (name.wrapContext() + "/" + key).getBytes(UTF_8);
  }
}

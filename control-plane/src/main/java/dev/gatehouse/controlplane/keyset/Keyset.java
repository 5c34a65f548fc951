package dev.gatehouse.controlplane.keyset;

import com.google.crypto.tink.AccessesPartialKey;
import com.google.crypto.tink.Aead;
import com.google.crypto.tink.Configuration;
import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.PublicKeySign;
import com.google.crypto.tink.PublicKeyVerify;
import com.google.crypto.tink.TinkProtoKeysetFormat;
import com.google.crypto.tink.aead.AeadConfig2026;
import com.google.crypto.tink.signature.Ed25519PublicKey;
import com.google.crypto.tink.signature.SignatureConfig2026;
import java.security.GeneralSecurityException;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A keyset that is open: one key encrypts or signs, all decrypt or verify. Immutable but for the
 * uses that it may still make of its key; any thread.
 */
final class Keyset {
  private final KeysetKind kind;
  private final KeysetHandle handle;

  /** Id of the key of the tenant's own that it rests under. */
  private final @Nullable UUID customerKey;

  /** Uses of the primary key that are counted already, and not made yet. */
  private final AtomicLong counted = new AtomicLong();

  private final @Nullable Aead aead;
  private final @Nullable PublicKeySign signer;
  private final @Nullable PublicKeyVerify verifier;

  private Keyset(KeysetKind kind, KeysetHandle handle, @Nullable UUID customerKey)
      throws GeneralSecurityException {
    this.kind = kind;
    this.handle = handle;
    this.customerKey = customerKey;
    Configuration configuration = configurationOf(kind);
    boolean signs = kind == KeysetKind.SIGNATURES;
    this.aead = signs ? null : handle.getPrimitive(configuration, Aead.class);
    this.signer = signs ? handle.getPrimitive(configuration, PublicKeySign.class) : null;
    this.verifier =
        signs
            ? handle.getPublicKeysetHandle().getPrimitive(configuration, PublicKeyVerify.class)
            : null;
  }

  /**
   * One with one new key.
   *
   * @param customerKey id of the tenant's own key that it is to rest under
   */
  static Keyset generate(KeysetKind kind, Optional<UUID> customerKey) {
    try {
      KeysetHandle.Builder.Entry entry =
          KeysetHandle.generateEntryFromParameters(kind.parameters()).withRandomId().makePrimary();
      KeysetHandle handle = build(kind, KeysetHandle.newBuilder().addEntry(entry));
      return new Keyset(kind, handle, customerKey.orElse(null));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("a key cannot be made", e);
    }
  }

  /**
   * Reads what {@link #serialized} gave.
   *
   * @param customerKey id of the tenant's own key that it rests under
   */
  static Keyset parse(KeysetOf name, @Nullable UUID customerKey, byte[] serialized) {
    try {
      KeysetHandle handle =
          TinkProtoKeysetFormat.parseKeyset(
              serialized, InsecureSecretKeyAccess.get(), configurationOf(name.kind()));
      return new Keyset(name.kind(), handle, customerKey);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("a keyset cannot be read: " + name, e);
    }
  }

  /** With its secrets: for {@link Wrapping} alone. */
  byte[] serialized() {
    try {
      return TinkProtoKeysetFormat.serializeKeyset(
          handle, InsecureSecretKeyAccess.get(), configurationOf(kind));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("a keyset cannot be written", e);
    }
  }

  /** Id of the key of the tenant's own that it rests under, if it does. */
  Optional<UUID> customerKey() {
    return Optional.ofNullable(customerKey);
  }

  /** The same, to rest under another key of the tenant's own, or none. */
  Keyset under(Optional<UUID> otherKey) {
    try {
      return new Keyset(kind, handle, otherKey.orElse(null));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("a keyset cannot be read", e);
    }
  }

  /** The same with one more key, which is the one that encrypts or signs. */
  Keyset rotated() {
    try {
      KeysetHandle.Builder.Entry entry =
          KeysetHandle.generateEntryFromParameters(kind.parameters()).withRandomId().makePrimary();
      KeysetHandle.Builder builder = KeysetHandle.newBuilder(handle).addEntry(entry);
      return new Keyset(kind, build(kind, builder), customerKey);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("a key cannot be made", e);
    }
  }

  /** The same without a key that is not the primary one. */
  Keyset without(int keyId) {
    try {
      KeysetHandle.Builder builder = KeysetHandle.newBuilder(handle);
      for (int i = builder.size() - 1; i >= 0; i--) {
        if (handle.getAt(i).getId() == keyId) {
          builder.deleteAt(i);
        }
      }
      return new Keyset(kind, build(kind, builder), customerKey);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("a key cannot be taken out of its keyset", e);
    }
  }

  int size() {
    return handle.size();
  }

  /** Id of the key that encrypts or signs. */
  int primary() {
    return handle.getPrimary().getId();
  }

  /** The public half of a key, 32 bytes, if it has one. */
  @AccessesPartialKey
  Optional<byte[]> publicKey(int keyId) {
    if (kind != KeysetKind.SIGNATURES) {
      return Optional.empty();
    }
    try {
      KeysetHandle publicKeys = handle.getPublicKeysetHandle();
      return IntStream.range(0, publicKeys.size())
          .mapToObj(publicKeys::getAt)
          .filter(entry -> entry.getId() == keyId)
          .map(entry -> ((Ed25519PublicKey) entry.getKey()).getPublicKeyBytes().toByteArray())
          .findFirst();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("a public key cannot be read", e);
    }
  }

  /**
   * Takes uses of the primary key of those that are counted already.
   *
   * @return whether there were enough
   */
  boolean take(long uses) {
    return counted.getAndUpdate(left -> left >= uses ? left - uses : left) >= uses;
  }

  /** Adds uses that were counted. */
  void add(long uses) {
    counted.addAndGet(uses);
  }

  byte[] encrypt(byte[] plaintext, byte[] context) throws GeneralSecurityException {
    return Objects.requireNonNull(aead).encrypt(plaintext, context);
  }

  byte[] decrypt(byte[] ciphertext, byte[] context) throws GeneralSecurityException {
    return Objects.requireNonNull(aead).decrypt(ciphertext, context);
  }

  byte[] sign(byte[] data) throws GeneralSecurityException {
    return Objects.requireNonNull(signer).sign(data);
  }

  boolean verifies(byte[] signature, byte[] data) {
    try {
      Objects.requireNonNull(verifier).verify(signature, data);
      return true;
    } catch (GeneralSecurityException _) {
      return false;
    }
  }

  private static KeysetHandle build(KeysetKind kind, KeysetHandle.Builder builder)
      throws GeneralSecurityException {
    return builder.setConfiguration(configurationOf(kind)).build();
  }

  private static Configuration configurationOf(KeysetKind kind) {
    return switch (kind) {
      case SECRETS, DATA -> AeadConfig2026.get();
      case SIGNATURES -> SignatureConfig2026.get();
    };
  }
}

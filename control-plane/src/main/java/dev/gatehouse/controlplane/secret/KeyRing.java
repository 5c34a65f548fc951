package dev.gatehouse.controlplane.secret;

import com.google.crypto.tink.AccessesPartialKey;
import com.google.crypto.tink.Aead;
import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.aead.AeadConfig2026;
import com.google.crypto.tink.aead.AesGcmKey;
import com.google.crypto.tink.aead.AesGcmParameters;
import com.google.crypto.tink.aead.AesGcmParameters.Variant;
import com.google.crypto.tink.util.SecretBytes;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Keys that somebody has chosen as one Tink keyset: the first seals, all open. */
final class KeyRing {
  /** Of Tink's output prefix. */
  private static final byte VERSION = 1;

  private static final int PREFIX_LENGTH = 5;

  private KeyRing() {}

  /**
   * @param fingerprints of the keys in their order; each begins with the key's id
   */
  static Aead of(List<byte[]> keys, List<byte[]> fingerprints) throws GeneralSecurityException {
    KeysetHandle.Builder builder = KeysetHandle.newBuilder();
    for (int i = 0; i < keys.size(); i++) {
      int id = idOf(fingerprints.get(i));
      KeysetHandle.Builder.Entry entry =
          KeysetHandle.importKey(key(keys.get(i), Variant.TINK, id)).withFixedId(id);
      builder.addEntry(i == 0 ? entry.makePrimary() : entry);
    }
    for (byte[] key : keys) { // what was sealed before there were prefixes
      builder.addEntry(KeysetHandle.importKey(key(key, Variant.NO_PREFIX, null)).withRandomId());
    }
    return builder.build().getPrimitive(AeadConfig2026.get(), Aead.class);
  }

  static byte[] prefixOf(byte[] fingerprint) {
    return ByteBuffer.allocate(PREFIX_LENGTH).put(VERSION).putInt(idOf(fingerprint)).array();
  }

  private static int idOf(byte[] fingerprint) {
    return ByteBuffer.wrap(fingerprint).getInt();
  }

  @AccessesPartialKey
  private static AesGcmKey key(byte[] key, Variant variant, @Nullable Integer id)
      throws GeneralSecurityException {
    AesGcmParameters parameters =
        AesGcmParameters.builder()
            .setKeySizeBytes(MasterKey.LENGTH)
            .setIvSizeBytes(12)
            .setTagSizeBytes(16)
            .setVariant(variant)
            .build();
    AesGcmKey.Builder builder =
        AesGcmKey.builder()
            .setParameters(parameters)
            .setKeyBytes(SecretBytes.copyFrom(key, InsecureSecretKeyAccess.get()));
    return (id == null ? builder : builder.setIdRequirement(id)).build();
  }
}

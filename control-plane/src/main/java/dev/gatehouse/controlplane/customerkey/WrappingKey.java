package dev.gatehouse.controlplane.customerkey;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.subtle.AesGcmJce;
import com.google.crypto.tink.subtle.Random;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.UUID;

/**
 * The key that wraps a tenant's keysets: AES-256-GCM. It rests as the tenant's key service has
 * encrypted it, with its id, so that another cannot be put in its place.
 *
 * @param id its name
 * @param aead wraps
 */
record WrappingKey(UUID id, Aead aead) {
  private static final int ID_BYTES = 2 * Long.BYTES;
  private static final int KEY_BYTES = 32;

  /** A new one, and what the service has made of it. */
  record Made(WrappingKey key, String wrapped) {}

  /**
   * Makes one, and has it opened once.
   *
   * @throws KeyServiceException if the service does not do both
   */
  static Made make(UUID tenant, Aead service) throws GeneralSecurityException {
    UUID id = UUID.randomUUID();
    byte[] plain =
        ByteBuffer.allocate(ID_BYTES + KEY_BYTES)
            .putLong(id.getMostSignificantBits())
            .putLong(id.getLeastSignificantBits())
            .put(Random.randBytes(KEY_BYTES))
            .array();
    return made(tenant, service, plain);
  }

  /** What the service has made of a key, made anew with the newest version of its own. */
  static Made makeAgain(UUID tenant, UUID id, String wrapped, Aead service)
      throws GeneralSecurityException {
    return made(tenant, service, plain(tenant, id, wrapped, service));
  }

  private static Made made(UUID tenant, Aead service, byte[] plain)
      throws GeneralSecurityException {
    UUID id = idIn(plain);
    String wrapped = new String(service.encrypt(plain, associatedData(tenant)), UTF_8);
    if (!Arrays.equals(plain(tenant, id, wrapped, service), plain)) {
      throw KeyServiceException.refused("the service does not decrypt what it has encrypted");
    }
    return new Made(of(id, plain), wrapped);
  }

  /**
   * Has one opened.
   *
   * @throws KeyServiceException if the service does not, or another key comes out
   */
  static WrappingKey open(UUID tenant, UUID id, String wrapped, Aead service)
      throws GeneralSecurityException {
    return of(id, plain(tenant, id, wrapped, service));
  }

  private static byte[] plain(UUID tenant, UUID id, String wrapped, Aead service)
      throws GeneralSecurityException {
    byte[] plain = service.decrypt(wrapped.getBytes(UTF_8), associatedData(tenant));
    if (plain.length != ID_BYTES + KEY_BYTES || !idIn(plain).equals(id)) {
      throw KeyServiceException.refused("the service gave another key");
    }
    return plain;
  }

  private static UUID idIn(byte[] plain) {
    ByteBuffer bytes = ByteBuffer.wrap(plain);
    return new UUID(bytes.getLong(), bytes.getLong());
  }

  private static WrappingKey of(UUID id, byte[] plain) throws GeneralSecurityException {
    byte[] key = Arrays.copyOfRange(plain, ID_BYTES, plain.length);
    return new WrappingKey(id, new AesGcmJce(key));
  }

  private static byte[] associatedData(UUID tenant) {
    return ("gatehouse/" + tenant + "/key-encryption-key").getBytes(UTF_8);
  }
}

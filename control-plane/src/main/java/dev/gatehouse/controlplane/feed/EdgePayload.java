package dev.gatehouse.controlplane.feed;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.crypto.tink.Aead;
import dev.gatehouse.contract.edge.EdgeObject;
import dev.gatehouse.contract.edge.EdgeSigningKey;
import dev.gatehouse.contract.edge.FeedCodec;
import dev.gatehouse.contract.edge.MalformedFeedException;
import java.security.GeneralSecurityException;
import java.util.Base64;

/**
 * Between edge objects and what stands in the database, where a private key is sealed. The seal
 * names purpose and key, so that a sealed key cannot be put in the place of another.
 */
final class EdgePayload {
  private final Aead masterKey;

  EdgePayload(Aead masterKey) {
    this.masterKey = masterKey;
  }

  String toStored(EdgeObject object) {
    return FeedCodec.encodeObject(object instanceof EdgeSigningKey key ? seal(key) : object);
  }

  /**
   * @throws IllegalStateException if the stored object cannot be read, or was sealed with another
   *     master key
   */
  EdgeObject fromStored(EdgeObject.Kind kind, String payload) {
    try {
      EdgeObject object = FeedCodec.decodeObject(kind, payload);
      return object instanceof EdgeSigningKey key ? open(key) : object;
    } catch (MalformedFeedException e) {
      throw new IllegalStateException("a stored " + kind.wireName() + " cannot be read", e);
    }
  }

  private EdgeSigningKey seal(EdgeSigningKey key) {
    try {
      byte[] sealed = masterKey.encrypt(key.jwk().getBytes(UTF_8), purposeOf(key));
      return key.withJwk(Base64.getEncoder().encodeToString(sealed));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("sealing signing key " + key.kid() + " failed", e);
    }
  }

  private EdgeSigningKey open(EdgeSigningKey key) {
    try {
      byte[] jwk = masterKey.decrypt(Base64.getDecoder().decode(key.jwk()), purposeOf(key));
      return key.withJwk(new String(jwk, UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(
          "signing key " + key.kid() + " was sealed with another master key", e);
    }
  }

  private static byte[] purposeOf(EdgeSigningKey key) {
    return ("edge_object/signing-key/" + key.kid()).getBytes(UTF_8);
  }
}

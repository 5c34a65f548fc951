package dev.gatehouse.contract.edge;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.Optional;

/**
 * A key of the gateways. It is published before it is used and after it has been, so that nobody
 * meets what was made with a key that he cannot know.
 *
 * @param kid names the key in the JWKS and in all that is made with it
 * @param jwk the private key, or the secret, as a JWK (RFC 7517); never logged
 * @param signsFrom from when on gateways use it; of all keys of a purpose whose time has come, the
 *     newest is used
 * @param publishedUntil from when on it is no longer known
 * @param purpose what it is for; {@link Purpose#CONTEXT} if absent
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record EdgeSigningKey(
    String kid, String jwk, Instant signsFrom, Instant publishedUntil, Optional<Purpose> purpose)
    implements EdgeObject {

  public EdgeSigningKey {
    // One way to say one thing.
    purpose = purpose.filter(said -> said != Purpose.CONTEXT);
  }

  /** A key that signs contexts. */
  public EdgeSigningKey(String kid, String jwk, Instant signsFrom, Instant publishedUntil) {
    this(kid, jwk, signsFrom, publishedUntil, Optional.empty());
  }

  /** What it is for, whether that is said or not. */
  public Purpose use() {
    return purpose.orElse(Purpose.CONTEXT);
  }

  /** The same key with another text in the place of its private half. */
  public EdgeSigningKey withJwk(String text) {
    return new EdgeSigningKey(kid, text, signsFrom, publishedUntil, purpose);
  }

  @Override
  public Kind kind() {
    return Kind.SIGNING_KEY;
  }

  @Override
  public String key() {
    return kid;
  }

  @Override
  public String toString() {
    return "EdgeSigningKey[kid="
        + kid
        + ", purpose="
        + use().wireName()
        + ", signsFrom="
        + signsFrom
        + ", publishedUntil="
        + publishedUntil
        + "]";
  }

  /** What a key is for. No key is for two things. */
  public enum Purpose implements WireName {
    /** Signs the tenant's context: P-256. */
    CONTEXT("context"),
    /** Signs requests (RFC 9421): Ed25519. */
    MESSAGE("message"),
    /** Seals what a browser carries while its user logs in: 256 secret bits, in no JWKS. */
    LOGIN("login");

    private final String wireName;

    Purpose(String wireName) {
      this.wireName = wireName;
    }

    @Override
    public String wireName() {
      return wireName;
    }

    /** Whether others verify by it, so that it has a public half. */
    public boolean isPublished() {
      return this != LOGIN;
    }

    /**
     * Reads {@link #wireName()} back.
     *
     * @throws IllegalArgumentException if there is no such purpose
     */
    @JsonCreator
    public static Purpose fromWireName(String name) {
      return WireName.parse("purpose", values(), name);
    }
  }
}

package dev.gatehouse.gateway.sign;

import dev.gatehouse.contract.context.ContextSigner;
import dev.gatehouse.contract.context.SigningKeys;
import dev.gatehouse.contract.edge.EdgeSigningKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The keys that sign contexts, the youngest first. Immutable. */
public final class SigningKeyRing {
  /** No keys: nothing can be signed, so nothing is forwarded. */
  public static final SigningKeyRing EMPTY = new SigningKeyRing(List.of());

  private final List<Entry> entries;

  private SigningKeyRing(List<Entry> entries) {
    this.entries =
        entries.stream()
            .sorted(Comparator.comparing((Entry entry) -> entry.key.signsFrom()).reversed())
            .toList();
  }

  /**
   * Makes a ring.
   *
   * @throws IllegalArgumentException if one of the keys cannot sign
   */
  public static SigningKeyRing of(Collection<EdgeSigningKey> keys) {
    return new SigningKeyRing(keys.stream().map(Entry::of).toList());
  }

  /**
   * This ring and one key more, or another in the place of the one with its {@code kid}.
   *
   * @throws IllegalArgumentException if the key cannot sign
   */
  public SigningKeyRing with(EdgeSigningKey key) {
    List<Entry> more = new ArrayList<>(entries);
    more.removeIf(entry -> entry.key.kid().equals(key.kid()));
    more.add(Entry.of(key));
    return new SigningKeyRing(more);
  }

  /** The youngest key whose time has come; null if there is none. */
  public @Nullable ContextSigner signerAt(Instant now) {
    for (Entry entry : entries) {
      if (!entry.key.signsFrom().isAfter(now)) {
        return entry.signer;
      }
    }
    return null;
  }

  /** The JWKS document with every key that is published at this time. */
  public String jwksAt(Instant now) {
    return SigningKeys.publicJwks(
        entries.stream()
            .map(Entry::key)
            .filter(key -> key.publishedUntil().isAfter(now))
            .map(EdgeSigningKey::jwk)
            .toList());
  }

  private record Entry(EdgeSigningKey key, ContextSigner signer) {
    static Entry of(EdgeSigningKey key) {
      return new Entry(key, ContextSigner.of(key.jwk(), NativeCryptography.provider()));
    }
  }
}

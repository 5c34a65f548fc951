package dev.gatehouse.gateway.sign;

import dev.gatehouse.contract.context.ContextSigner;
import dev.gatehouse.contract.context.SigningKeys;
import dev.gatehouse.contract.edge.EdgeSigningKey;
import dev.gatehouse.contract.edge.EdgeSigningKey.Purpose;
import dev.gatehouse.contract.signature.SignatureAlgorithm;
import dev.gatehouse.contract.signature.SigningKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The keys that the control plane keeps for the gateways: those that sign contexts, those that sign
 * messages, and those that seal logins. Immutable.
 */
public final class SigningKeyRing {
  /** No keys: nothing can be signed, so nothing is forwarded. */
  public static final SigningKeyRing EMPTY = new SigningKeyRing(List.of());

  /** The youngest first. */
  private final List<Entry<?>> all;

  private final List<Entry<ContextSigner>> contexts;
  private final List<Entry<SigningKey>> messages;
  private final List<Entry<LoginKey>> logins;

  private SigningKeyRing(Collection<Entry<?>> entries) {
    this.all =
        entries.stream()
            .sorted(Comparator.comparing((Entry<?> entry) -> entry.key.signsFrom()).reversed())
            .toList();
    this.contexts = those(ContextSigner.class, all);
    this.messages = those(SigningKey.class, all);
    this.logins = those(LoginKey.class, all);
  }

  /**
   * Makes a ring.
   *
   * @throws IllegalArgumentException if one of the keys is not of the kind that its purpose needs
   */
  public static SigningKeyRing of(Collection<EdgeSigningKey> keys) {
    List<Entry<?>> entries = new ArrayList<>();
    keys.forEach(key -> entries.add(Entry.of(key)));
    return new SigningKeyRing(entries);
  }

  /**
   * This ring and one key more, or another in the place of the one with its {@code kid}.
   *
   * @throws IllegalArgumentException if the key is not of the kind that its purpose needs
   */
  public SigningKeyRing with(EdgeSigningKey key) {
    List<Entry<?>> more = new ArrayList<>(all);
    more.removeIf(entry -> entry.key.kid().equals(key.kid()));
    more.add(Entry.of(key));
    return new SigningKeyRing(more);
  }

  /** What signs contexts: the youngest key whose time has come; null if there is none. */
  public @Nullable ContextSigner signerAt(Instant now) {
    return youngestAt(now, contexts);
  }

  /** What signs messages: the youngest key whose time has come; null if there is none. */
  public @Nullable SigningKey messageSignerAt(Instant now) {
    return youngestAt(now, messages);
  }

  /** What seals a login that begins: the youngest key whose time has come. */
  public Optional<LoginKey> loginKeyAt(Instant now) {
    return Optional.ofNullable(youngestAt(now, logins));
  }

  /** What sealed a login, by its name. */
  public Optional<LoginKey> loginKey(String kid) {
    return logins.stream().map(Entry::use).filter(key -> key.kid().equals(kid)).findFirst();
  }

  /** The JWKS document with every key that is published at this time. */
  public String jwksAt(Instant now) {
    return SigningKeys.publicJwks(
        all.stream()
            .map(Entry::key)
            .filter(key -> key.use().isPublished() && key.publishedUntil().isAfter(now))
            .map(EdgeSigningKey::jwk)
            .toList());
  }

  private static <T> @Nullable T youngestAt(Instant now, List<Entry<T>> entries) {
    for (Entry<T> entry : entries) {
      if (!entry.key.signsFrom().isAfter(now)) {
        return entry.use;
      }
    }
    return null;
  }

  private static <T> List<Entry<T>> those(Class<T> type, List<Entry<?>> all) {
    return all.stream()
        .filter(entry -> type.isInstance(entry.use))
        .map(entry -> new Entry<>(entry.key, type.cast(entry.use)))
        .toList();
  }

  /**
   * A key, and what it is used by.
   *
   * @param key as the control plane sent it
   */
  private record Entry<T>(EdgeSigningKey key, T use) {
    static Entry<?> of(EdgeSigningKey key) {
      return switch (key.use()) {
        case CONTEXT ->
            new Entry<>(key, ContextSigner.of(key.jwk(), NativeCryptography.provider()));
        case MESSAGE -> new Entry<>(key, messageSigner(key));
        case LOGIN -> new Entry<>(key, LoginKey.of(key));
      };
    }

    private static SigningKey messageSigner(EdgeSigningKey key) {
      SigningKey signer = SigningKey.of(key.jwk(), NativeCryptography.provider());
      if (signer.algorithm() != SignatureAlgorithm.ED25519) {
        throw new IllegalArgumentException(
            "a key of the purpose " + Purpose.MESSAGE.wireName() + " must be of Ed25519");
      }
      return signer;
    }
  }
}

package dev.gatehouse.gateway.forward;

import dev.gatehouse.contract.context.TenantContext;
import dev.gatehouse.contract.edge.EdgeService;
import dev.gatehouse.contract.edge.MessageSignature;
import dev.gatehouse.contract.signature.Component;
import dev.gatehouse.contract.signature.ContentDigest;
import dev.gatehouse.contract.signature.MessageSigner;
import dev.gatehouse.contract.signature.SignatureHeaders;
import dev.gatehouse.contract.signature.SignatureProfile;
import dev.gatehouse.contract.signature.SigningKey;
import dev.gatehouse.contract.signature.UnsignableMessageException;
import dev.gatehouse.gateway.admit.ForwardableHeaders;
import dev.gatehouse.gateway.rejection.Rejection;
import dev.gatehouse.gateway.sign.NativeCryptography;
import dev.gatehouse.gateway.sign.Signed;
import dev.gatehouse.gateway.sign.SigningStage;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpHeaders;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Signs what is sent to one service (RFC 9421), each attempt by itself: over the method, the
 * authority, path and query as they are sent, the tenant's headers and, where the service wants it,
 * the digest of the body (RFC 9530). Of a client's own signatures nothing is left. One for each
 * event loop.
 */
final class RequestSigner {
  private static final CharSequence INPUT = HttpHeaders.createOptimized("Signature-Input");
  private static final CharSequence SIGNATURE = HttpHeaders.createOptimized("Signature");
  private static final CharSequence DIGEST = HttpHeaders.createOptimized(ContentDigest.HEADER);

  private final SigningStage signing;
  private final SignatureProfile profile;
  private final OptionalInt mostDigested;

  /** With a secret of the service's own; null where the gateways' key signs. */
  private final @Nullable MessageSigner shared;

  /** With the gateways' key that signed last; null where none did. */
  private @Nullable MessageSigner own;

  private @Nullable SigningKey ownKey;

  /** Makes nonces unlike those of all other signers, with {@link #count}. */
  private final String unique =
      HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong()) + '-';

  private long count;

  private RequestSigner(EdgeService service, MessageSignature signature, SigningStage signing) {
    this.signing = signing;
    this.mostDigested = signature.contentDigest();
    this.profile = profileOf(service.name(), signing, mostDigested.isPresent());
    this.shared =
        signature
            .secretBytes()
            .map(secret ->
                SigningKey.hmacSha256(
                    signature.keyid().orElse(service.name()),
                    secret,
                    NativeCryptography.provider()))
            .map(key -> new MessageSigner(key, profile))
            .orElse(null);
  }

  /** The signer of a service; null if it wants no signatures. */
  static @Nullable RequestSigner of(EdgeService service, SigningStage signing) {
    return service
        .messageSignature()
        .map(signature -> new RequestSigner(service, signature, signing))
        .orElse(null);
  }

  private static SignatureProfile profileOf(
      String audience, SigningStage signing, boolean digests) {
    List<Component> components =
        new ArrayList<>(
            List.of(
                Component.Derived.METHOD,
                Component.Derived.AUTHORITY,
                Component.Derived.PATH,
                Component.Derived.QUERY,
                header(TenantContext.ID_HEADER),
                header(TenantContext.SLUG_HEADER),
                header(TenantContext.HEADER)));
    if (digests) {
      components.add(header(ContentDigest.HEADER));
    }
    return new SignatureProfile(
        SignatureProfile.DEFAULT_LABEL,
        components,
        Optional.of(signing.life()),
        Optional.of(audience),
        true);
  }

  private static Component header(String name) {
    return new Component.Header(name.toLowerCase(Locale.ROOT));
  }

  /** The longest body that is digested; empty if bodies are passed on as they come. */
  OptionalInt mostDigested() {
    return mostDigested;
  }

  /**
   * Signs a request that has all its other headers, and has not been sent.
   *
   * @param authority as what the upstream is addressed
   * @param digest what {@code Content-Digest} is to say; of no matter where bodies are not digested
   * @throws Rejection.NoSigningKey if the control plane has not sent a key whose time has come
   * @throws Rejection.BadRequest if there is something in the request that cannot be signed
   */
  void sign(Signed signed, HttpClientRequest sending, String authority, String digest) {
    ForwardableHeaders.removeSignatures(sending.headers(), mostDigested.isPresent());
    if (mostDigested.isPresent()) {
      sending.headers().set(DIGEST, digest);
    }
    try {
      SignatureHeaders made =
          signerFor(signed)
              .sign(SentRequest.of(sending, authority), signing.now(), unique + count++);
      sending.headers().set(INPUT, made.input()).set(SIGNATURE, made.signature());
    } catch (UnsignableMessageException e) {
      throw new Rejection.BadRequest(
          "The request cannot be signed for its service: " + e.getMessage() + ".");
    }
  }

  @SuppressWarnings("ReferenceEquality") // A key is replaced, never changed.
  private MessageSigner signerFor(Signed signed) {
    if (shared != null) {
      return shared;
    }
    SigningKey key = signing.messageKeyFor(signed);
    MessageSigner known = own;
    if (known == null || key != ownKey) {
      known = new MessageSigner(key, profile);
      own = known;
      ownKey = key;
    }
    return known;
  }
}

package dev.gatehouse.gateway.sign;

import dev.gatehouse.contract.context.ContextSigner;
import dev.gatehouse.contract.context.TenantContext;
import dev.gatehouse.contract.database.DatabaseAccess;
import dev.gatehouse.contract.edge.EdgePlacement;
import dev.gatehouse.contract.edge.EdgeService;
import dev.gatehouse.contract.edge.EdgeTenant;
import dev.gatehouse.contract.edge.MessageSignature;
import dev.gatehouse.contract.signature.SigningKey;
import dev.gatehouse.gateway.Exchange;
import dev.gatehouse.gateway.authenticate.Authenticated;
import dev.gatehouse.gateway.authenticate.Principal;
import dev.gatehouse.gateway.authenticate.SignedContexts;
import dev.gatehouse.gateway.directory.Tenant;
import dev.gatehouse.gateway.rejection.Rejection;
import dev.gatehouse.gateway.route.Routed;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Signs who the tenant and the caller are. A signature is made once for each tenant, caller and
 * service and used again for three quarters of its life; how many are kept is bounded, over all
 * callers. Shared by all event loops; never blocks.
 */
public final class SigningStage {
  private final Duration life;
  private final Duration reuse;
  private final int maxKept;
  private final InstantSource clock;

  /** What callers keep, the oldest first: all live equally long. */
  private final Queue<SignedContexts.Entry> kept = new ConcurrentLinkedQueue<>();

  private final AtomicInteger keptCount = new AtomicInteger();

  public SigningStage(SignConfig config, InstantSource clock) {
    this.life = config.life();
    this.reuse = config.life().multipliedBy(3).dividedBy(4);
    this.maxKept = config.cachedSignatures();
    this.clock = clock;
  }

  /**
   * Signs the context for the request's service.
   *
   * @throws Rejection.NoSigningKey if the control plane has not sent a key whose time has come
   * @throws Rejection.NoDatabase if the service is to be told where the tenant's data are, and they
   *     are nowhere yet
   */
  public Signed sign(Exchange exchange, Routed request) {
    Authenticated caller = request.request().request();
    EdgeService service = request.service();
    long now = clock.millis();
    SignedContexts contexts = caller.principal().signedContexts();
    String context = contexts.find(caller.request().tenant(), service.name(), now);
    if (context == null) {
      context = signNow(caller, service);
      keep(caller, service.name(), context, now);
    }
    return new Signed(exchange, request, context);
  }

  /**
   * Fails as {@link #sign} does, and signs nothing: for a request that is only explained.
   *
   * @throws Rejection as {@link #sign} does
   */
  public void requireKey(Routed request) {
    Authenticated caller = request.request().request();
    Instant now = clock.instant();
    signerAt(caller, now);
    Optional<DatabaseAccess> _ = databaseAccess(caller, request.service(), now, now.plus(life));
    if (request
        .service()
        .messageSignature()
        .filter(signature -> signature.algorithm() == MessageSignature.Algorithm.ED25519)
        .isPresent()) {
      messageKeyAt(caller, now);
    }
  }

  /**
   * The key with which messages are signed now.
   *
   * @throws Rejection.NoSigningKey if the control plane has not sent one whose time has come
   */
  public SigningKey messageKeyFor(Signed signed) {
    return messageKeyAt(signed.authenticated(), clock.instant());
  }

  /** How long what is signed is valid. */
  public Duration life() {
    return life;
  }

  /** The time by which it signs. */
  public Instant now() {
    return clock.instant();
  }

  private static SigningKey messageKeyAt(Authenticated caller, Instant now) {
    SigningKey key = caller.request().directory().signingKeyRing().messageSignerAt(now);
    if (key == null) {
      throw Rejection.NoSigningKey.INSTANCE;
    }
    return key;
  }

  private static ContextSigner signerAt(Authenticated caller, Instant now) {
    ContextSigner signer = caller.request().directory().signingKeyRing().signerAt(now);
    if (signer == null) {
      throw Rejection.NoSigningKey.INSTANCE;
    }
    return signer;
  }

  private String signNow(Authenticated caller, EdgeService service) {
    Tenant tenant = caller.request().tenant();
    Principal principal = caller.principal();
    Instant now = clock.instant();
    // A context has whole seconds (RFC 7519 section 2), a key the very moment from which it signs.
    Instant issuedAt = now.truncatedTo(ChronoUnit.SECONDS);
    return signerAt(caller, now)
        .sign(
            new TenantContext(
                tenant.edge().id(),
                tenant.slug(),
                principal.subject(),
                principal.roles(),
                principal.scopes(),
                principal.method().wireName(),
                service.name(),
                issuedAt,
                issuedAt.plus(life),
                databaseAccess(caller, service, now, issuedAt.plus(life))));
  }

  private static Optional<DatabaseAccess> databaseAccess(
      Authenticated caller, EdgeService service, Instant now, Instant ends) {
    if (!service.databaseToken().orElse(false)) {
      return Optional.empty();
    }
    EdgeTenant tenant = caller.request().tenant().edge();
    EdgePlacement place = tenant.placement().orElseThrow(() -> Rejection.NoDatabase.NOT_PLACED);
    return Optional.of(
        caller
            .request()
            .directory()
            .databaseTokens()
            .mint(place.partition(), tenant.id(), now, ends)
            .map(token -> new DatabaseAccess(place.partition(), place.strategy(), token))
            .orElseThrow(() -> Rejection.NoDatabase.NO_KEY));
  }

  private void keep(Authenticated caller, String service, String context, long nowMillis) {
    for (SignedContexts.Entry oldest = kept.peek();
        oldest != null && oldest.isOver(nowMillis) && kept.remove(oldest);
        oldest = kept.peek()) {
      oldest.forget();
      keptCount.decrementAndGet();
    }
    if (keptCount.get() < maxKept && caller.principal().credential().isRemembered()) {
      keptCount.incrementAndGet();
      kept.add(
          caller
              .principal()
              .signedContexts()
              .keep(caller.request().tenant(), service, context, nowMillis + reuse.toMillis()));
    }
  }
}

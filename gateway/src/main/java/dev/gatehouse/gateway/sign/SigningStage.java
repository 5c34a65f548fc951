package dev.gatehouse.gateway.sign;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.gatehouse.contract.context.ContextSigner;
import dev.gatehouse.contract.context.TenantContext;
import dev.gatehouse.gateway.authenticate.Authenticated;
import dev.gatehouse.gateway.authenticate.Principal;
import dev.gatehouse.gateway.directory.Tenant;
import dev.gatehouse.gateway.rejection.Rejection;
import dev.gatehouse.gateway.route.Routed;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;

/**
 * Signs who the tenant and the caller are. A signature is made once for each tenant, caller and
 * service and used again for three quarters of its life. Shared by all event loops; never blocks.
 */
public final class SigningStage {
  private final Duration life;
  private final InstantSource clock;
  private final Cache<CacheKey, String> signatures;

  public SigningStage(SignConfig config, InstantSource clock) {
    this.life = config.life();
    this.clock = clock;
    this.signatures =
        Caffeine.newBuilder()
            .maximumSize(config.cachedSignatures())
            .expireAfterWrite(config.life().multipliedBy(3).dividedBy(4))
            .build();
  }

  /**
   * Signs the context for the request's service.
   *
   * @throws Rejection.NoSigningKey if the control plane has not sent a key whose time has come
   */
  public Signed sign(Routed request) {
    Authenticated caller = request.request().request();
    CacheKey key =
        new CacheKey(caller.request().tenant(), caller.principal(), request.service().name());
    String context = signatures.getIfPresent(key);
    if (context == null) {
      context = signNow(request);
      signatures.put(key, context);
    }
    return new Signed(request, context);
  }

  private String signNow(Routed request) {
    Authenticated caller = request.request().request();
    Tenant tenant = caller.request().tenant();
    Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
    ContextSigner signer = caller.request().directory().signingKeyRing().signerAt(now);
    if (signer == null) {
      throw Rejection.NoSigningKey.INSTANCE;
    }
    return signer.sign(
        new TenantContext(
            tenant.edge().id(),
            tenant.slug(),
            caller.principal().subject(),
            caller.principal().roles(),
            caller.principal().method(),
            request.service().name(),
            now,
            now.plus(life)));
  }

  /**
   * Tenant and principal are replaced, never changed, when the feed says so: to compare them as
   * objects is right and cheap, and what was signed of the old ones is found no more.
   */
  private record CacheKey(Tenant tenant, Principal principal, String service) {
    @Override
    @SuppressWarnings("ReferenceEquality")
    public boolean equals(Object other) {
      return other instanceof CacheKey key
          && key.tenant == tenant
          && key.principal == principal
          && key.service.equals(service);
    }

    @Override
    public int hashCode() {
      return (System.identityHashCode(tenant) * 31 + System.identityHashCode(principal)) * 31
          + service.hashCode();
    }
  }
}

package dev.gatehouse.gateway.authenticate;

import dev.gatehouse.contract.token.SecretToken;
import dev.gatehouse.gateway.directory.ApiKey;
import dev.gatehouse.gateway.directory.KeyUses;
import dev.gatehouse.gateway.directory.Tenant;
import dev.gatehouse.gateway.rejection.Rejection;
import dev.gatehouse.gateway.resolve.Resolved;
import java.time.InstantSource;
import java.util.Optional;

/** Lets callers in as the tenant's policy says. A key of another tenant is as good as none. */
public final class Authenticator {
  private final InstantSource clock;
  private final KeyUses keyUses;

  /**
   * @param clock tells which keys have expired
   * @param keyUses told of every key that lets a caller in
   */
  public Authenticator(InstantSource clock, KeyUses keyUses) {
    this.clock = clock;
    this.keyUses = keyUses;
  }

  /**
   * Finds out who calls.
   *
   * @throws Rejection.Unauthenticated if the caller may not come in; also one who came with a bad
   *     key where anonymous callers are welcome
   */
  public Authenticated authenticate(Resolved request) {
    Tenant tenant = request.tenant();
    PresentedKey presented = PresentedKey.of(request.request().head().headers());
    if (presented.present() && tenant.allowsApiKeys()) {
      return new Authenticated(request, principalOf(request, presented));
    }
    if (tenant.allowsAnonymous()) {
      return new Authenticated(request, tenant.anonymous());
    }
    throw presented.present()
        ? Rejection.Unauthenticated.BAD_CREDENTIAL
        : Rejection.Unauthenticated.NO_CREDENTIAL;
  }

  private Principal principalOf(Resolved request, PresentedKey presented) {
    Optional<SecretToken> token = presented.token();
    Optional<ApiKey> key = token.flatMap(found -> request.directory().apiKey(found.id()));
    long now = clock.millis();
    if (token.isEmpty() || key.isEmpty() || !key.get().admits(token.get(), now)) {
      throw Rejection.Unauthenticated.BAD_CREDENTIAL;
    }
    if (!key.get().tenantId().equals(request.tenant().edge().id())) {
      throw Rejection.Unauthenticated.FOREIGN_CREDENTIAL;
    }
    key.get().used(keyUses, now);
    return key.get().principal();
  }
}

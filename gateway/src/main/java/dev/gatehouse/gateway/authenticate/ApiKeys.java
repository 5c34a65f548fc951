package dev.gatehouse.gateway.authenticate;

import dev.gatehouse.contract.edge.AuthenticationMethod;
import dev.gatehouse.contract.token.SecretToken;
import dev.gatehouse.gateway.directory.ApiKey;
import dev.gatehouse.gateway.directory.KeyUses;
import dev.gatehouse.gateway.rejection.Rejection;
import dev.gatehouse.gateway.resolve.Resolved;
import java.time.InstantSource;
import java.util.Optional;

/** Callers with one of the tenant's API keys. A key of another tenant is as good as none. */
public final class ApiKeys implements ProofReader {
  private final InstantSource clock;
  private final KeyUses uses;

  /**
   * @param clock tells which keys have expired
   * @param uses told of every key that lets a caller in
   */
  public ApiKeys(InstantSource clock, KeyUses uses) {
    this.clock = clock;
    this.uses = uses;
  }

  @Override
  public Proof read(Resolved request, Evidence evidence) {
    if (!request.tenant().allows(AuthenticationMethod.API_KEY)) {
      return Proof.NONE;
    }
    PresentedKey presented = PresentedKey.of(request.request().head().headers());
    if (!presented.present()) {
      return Proof.NONE;
    }
    Optional<SecretToken> token = presented.token();
    Optional<ApiKey> key = token.flatMap(found -> request.directory().apiKey(found.id()));
    long now = clock.millis();
    if (token.isEmpty() || key.isEmpty() || !key.get().admits(token.get(), now)) {
      throw Rejection.Unauthenticated.BAD_CREDENTIAL;
    }
    if (!key.get().tenantId().equals(request.tenant().edge().id())) {
      throw Rejection.Unauthenticated.FOREIGN_CREDENTIAL;
    }
    key.get().used(uses, now);
    return key.get().principal();
  }
}

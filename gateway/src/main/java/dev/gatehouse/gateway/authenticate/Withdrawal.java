package dev.gatehouse.gateway.authenticate;

import dev.gatehouse.gateway.authenticate.cache.TokenDigest;
import dev.gatehouse.gateway.directory.Tenant;
import dev.gatehouse.gateway.directory.TenantDirectory;
import dev.gatehouse.gateway.directory.TenantIdentities;
import dev.gatehouse.gateway.rejection.Rejection;
import dev.gatehouse.gateway.resolve.TenantResolver;
import dev.gatehouse.gateway.session.SessionRef;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;

/** Whether what let a request in has been taken back since. */
public final class Withdrawal {
  private Withdrawal() {}

  /**
   * What a request would be refused with now; empty if it would be let in again. A key that has
   * expired since, or whose roles have changed, does not count.
   *
   * @param then the tenant when it was let in
   * @param proofs all that it proved
   * @param now the directory that holds now
   * @param ended whether a session was ended lately
   */
  public static Optional<Rejection> of(
      Tenant then, List<Principal> proofs, TenantDirectory now, Predicate<TokenDigest> ended) {
    Optional<Tenant> tenant = now.byId(then.edge().id());
    if (tenant.isEmpty()) {
      return Optional.of(Rejection.UnknownHost.INSTANCE);
    }
    return TenantResolver.refusalOf(tenant.get().status())
        .or(() ->
            proofs.stream()
                .filter(proof -> !holds(proof.credential(), tenant.get(), now, ended))
                .findFirst()
                .map(proof ->
                    proof.credential() instanceof Credential.None
                        ? Rejection.Unauthenticated.without(tenant.get().edge().authentication())
                        : Rejection.Unauthenticated.BAD_CREDENTIAL));
  }

  private static boolean holds(
      Credential credential, Tenant tenant, TenantDirectory now, Predicate<TokenDigest> ended) {
    UUID id = tenant.edge().id();
    TenantIdentities identities = now.identities();
    if (credential instanceof Credential.None none && none.byRoute()) {
      return true;
    }
    return tenant.allows(credential.method())
        && switch (credential) {
          case Credential.None _ -> true;
          case Credential.Key(String keyId) ->
              now.apiKey(keyId).filter(key -> key.tenantId().equals(id)).isPresent();
          case Credential.Token(TokenOrigin origin, _) -> identities.issuersOf(id).accept(origin);
          case Credential.Session(TokenOrigin origin, SessionRef session) ->
              identities.issuersOf(id).acceptLogin(origin) && !ended.test(session.digest());
          case Credential.AccountSession(SessionRef session) -> !ended.test(session.digest());
          case Credential.Introspected(var by, _) ->
              identities.introspectionOf(id).filter(server -> server.edge().equals(by)).isPresent();
          case Credential.Certificate certificate ->
              identities.authoritiesOf(id).accept(certificate);
          case Credential.Decided(var by) ->
              identities.forwardAuthOf(id).filter(by::equals).isPresent();
        };
  }
}

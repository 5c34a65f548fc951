package dev.gatehouse.gateway.authenticate.jwt;

import dev.gatehouse.contract.edge.EdgeIdentityProvider;
import dev.gatehouse.gateway.authenticate.Evidence;
import dev.gatehouse.gateway.authenticate.Principal;
import dev.gatehouse.gateway.authenticate.TokenOrigin;
import dev.gatehouse.gateway.authenticate.cache.KnownTokens;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The issuers that one tenant trusts, and the tokens of theirs that have been verified. Replaced,
 * never changed, when the feed says something new of one of them: what had been verified is then
 * verified again. Made ready at the first token: a tenant whose callers have none costs no more
 * than what is known of its issuers. Any thread.
 */
public final class TenantIssuers {
  /** Of a tenant that trusts none. */
  public static final TenantIssuers NONE = new TenantIssuers(List.of());

  private final List<EdgeIdentityProvider> providers;
  private volatile @Nullable Ready ready;

  public TenantIssuers(Collection<EdgeIdentityProvider> providers) {
    this.providers = List.copyOf(providers);
  }

  private record Ready(
      Map<String, TrustedIssuer> byName,
      KnownTokens<Principal> verified,
      KnownTokens<Evidence.Verdict> sessions) {}

  /** What is known of them. */
  public List<EdgeIdentityProvider> providers() {
    return providers;
  }

  /** Whether a token from there would still be accepted. */
  public boolean accept(TokenOrigin origin) {
    return providers.stream()
        .filter(provider -> provider.id().equals(origin.provider().id()))
        .anyMatch(provider ->
            Revocation.asksTheSame(provider, origin.provider())
                && !Revocation.covers(provider, origin));
  }

  /** Whether a login there would still be accepted. */
  public boolean acceptLogin(TokenOrigin origin) {
    return accept(origin)
        && byId(origin.provider().id())
            .filter(provider -> provider.login().isPresent())
            .isPresent();
  }

  /** What is known of the sessions that users have by them. */
  public KnownTokens<Evidence.Verdict> sessions() {
    return ready().sessions;
  }

  /** The provider of an id; empty if the tenant has none. */
  public Optional<EdgeIdentityProvider> byId(UUID id) {
    return providers.stream().filter(provider -> provider.id().equals(id)).findFirst();
  }

  /** Those with which users log in. */
  public List<EdgeIdentityProvider> forLogin() {
    return providers.stream()
        .filter(provider -> provider.login().isPresent())
        .sorted(Comparator.comparing(EdgeIdentityProvider::name))
        .toList();
  }

  /** Those of one name; empty if the tenant does not trust it. */
  Optional<TrustedIssuer> byName(String issuer) {
    return Optional.ofNullable(ready().byName.get(issuer));
  }

  KnownTokens<Principal> verified() {
    return ready().verified;
  }

  private Ready ready() {
    Ready made = ready;
    return made == null ? makeReady() : made;
  }

  private synchronized Ready makeReady() {
    Ready made = ready;
    if (made == null) {
      Map<String, TrustedIssuer> byName = new HashMap<>();
      providers.forEach(provider -> byName.put(provider.issuer(), new TrustedIssuer(provider)));
      made = new Ready(byName, new KnownTokens<>(), new KnownTokens<>());
      ready = made;
    }
    return made;
  }
}

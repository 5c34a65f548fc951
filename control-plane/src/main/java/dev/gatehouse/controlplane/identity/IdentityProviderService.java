package dev.gatehouse.controlplane.identity;

import com.github.f4b6a3.uuid.UuidCreator;
import dev.gatehouse.contract.edge.EdgeIdentityProvider;
import dev.gatehouse.contract.edge.EdgeObject;
import dev.gatehouse.controlplane.api.Problem;
import dev.gatehouse.controlplane.api.ProblemException;
import dev.gatehouse.controlplane.feed.EdgePublisher;
import dev.gatehouse.controlplane.identity.IdentityProvider.Revocations;
import dev.gatehouse.egress.EgressPolicy;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.SqlConnection;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The rules of a tenant's identity providers. Who changes one has locked the tenant. */
public final class IdentityProviderService {
  private static final int MAX_PER_TENANT = 20;

  private final IdentityProviderStore store = new IdentityProviderStore();
  private final JwksUrlRules urls;
  private final EdgePublisher publisher;
  private final InstantSource clock;

  /**
   * @param egress from where keys may be fetched
   * @param clock says until when the tokens were issued that are revoked
   */
  public IdentityProviderService(
      EgressPolicy egress, EdgePublisher publisher, InstantSource clock) {
    this.urls = new JwksUrlRules(egress);
    this.publisher = publisher;
    this.clock = clock;
  }

  /** An identity provider that was written, and the revision at which the edge knows of it. */
  record Published(IdentityProvider provider, long revision) {}

  Published create(SqlConnection tx, UUID tenantId, JsonObject document) {
    if (store.count(tx, tenantId) >= MAX_PER_TENANT) {
      throw new ProblemException(
          Problem.TOO_MANY_IDENTITY_PROVIDERS,
          "a tenant can have at most " + MAX_PER_TENANT + " identity providers");
    }
    checkKeys(document);
    UUID id = UuidCreator.getTimeOrderedEpoch();
    return published(tx, store.insert(tx, id, tenantId, document));
  }

  IdentityProvider find(SqlConnection connection, UUID tenantId, UUID id) {
    return store
        .find(connection, tenantId, id)
        .orElseThrow(() ->
            new ProblemException(
                Problem.IDENTITY_PROVIDER_NOT_FOUND,
                "the tenant has no identity provider with the id " + id));
  }

  List<IdentityProvider> list(
      SqlConnection connection, UUID tenantId, Optional<UUID> after, int count) {
    return store.list(connection, tenantId, after, count);
  }

  Published change(SqlConnection tx, IdentityProvider provider, JsonObject document) {
    checkKeys(document);
    return published(tx, store.update(tx, provider.id(), document));
  }

  /** Has all tokens refused that were issued until now, whoever their subject is. */
  Published revokeAll(SqlConnection tx, IdentityProvider provider) {
    Optional<Instant> until = Optional.of(notBefore(provider.revocations().latest()));
    return published(tx, store.revoke(tx, provider.id(), new Revocations(until, new JsonObject())));
  }

  /**
   * Has the tokens of one subject refused that were issued until now.
   *
   * @throws ProblemException {@code TOO_MANY_REVOKED_SUBJECTS}
   */
  Published revokeSubject(SqlConnection tx, IdentityProvider provider, String subject) {
    JsonObject subjects = provider.revocations().subjects().copy();
    Optional<Instant> before = Optional.ofNullable(subjects.getString(subject)).map(Instant::parse);
    subjects.put(subject, notBefore(before).toString());
    if (subjects.size() > EdgeIdentityProvider.MAX_REVOKED_SUBJECTS) {
      throw new ProblemException(
          Problem.TOO_MANY_REVOKED_SUBJECTS,
          "at most "
              + EdgeIdentityProvider.MAX_REVOKED_SUBJECTS
              + " subjects of an identity provider can be revoked by themselves: revoke all of its"
              + " tokens, which frees their places");
    }
    Optional<Instant> validFrom = provider.revocations().validFrom();
    return published(tx, store.revoke(tx, provider.id(), new Revocations(validFrom, subjects)));
  }

  /** Returns the revision at which its tokens open nothing any more. */
  long delete(SqlConnection tx, IdentityProvider provider) {
    store.delete(tx, provider.id());
    return publisher.remove(tx, EdgeObject.Kind.IDENTITY_PROVIDER, provider.id().toString());
  }

  /** Erases those of a deleted tenant, which are few. */
  public boolean erase(SqlConnection tx, UUID tenantId) {
    List<String> ids = store.deleteAll(tx, tenantId).stream().map(UUID::toString).toList();
    publisher.removeAll(tx, EdgeObject.Kind.IDENTITY_PROVIDER, ids);
    return true;
  }

  private void checkKeys(JsonObject document) {
    JsonObject keys = document.getJsonObject("keys");
    if (keys.containsKey("jwksUrl")) {
      urls.check(keys.getString("jwksUrl"));
    }
    if (keys.containsKey("jwks")) {
      PublicKeyRules.check(keys.getJsonObject("jwks"));
    }
  }

  /** The time, but none before another: what is revoked stays so when a clock is set back. */
  private Instant notBefore(Optional<Instant> other) {
    Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS); // as PostgreSQL keeps it
    return other.filter(now::isBefore).orElse(now);
  }

  private Published published(SqlConnection tx, IdentityProvider provider) {
    return new Published(provider, publisher.upsert(tx, provider.toEdge()));
  }
}

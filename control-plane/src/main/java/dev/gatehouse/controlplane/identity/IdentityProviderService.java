package dev.gatehouse.controlplane.identity;

import com.github.f4b6a3.uuid.UuidCreator;
import dev.gatehouse.contract.edge.EdgeIdentityProvider;
import dev.gatehouse.contract.edge.EdgeObject;
import dev.gatehouse.controlplane.api.Fault;
import dev.gatehouse.controlplane.api.Problem;
import dev.gatehouse.controlplane.api.ProblemException;
import dev.gatehouse.controlplane.feed.EdgePublisher;
import dev.gatehouse.controlplane.identity.IdentityProvider.Revocations;
import dev.gatehouse.controlplane.secret.SealedSecret;
import dev.gatehouse.controlplane.secret.SecretColumn;
import dev.gatehouse.controlplane.secret.TenantSealers;
import dev.gatehouse.egress.EgressPolicy;
import io.vertx.core.json.JsonArray;
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
  private final FetchUrlRules urls;
  private final TenantSealers sealers;
  private final EdgePublisher publisher;
  private final InstantSource clock;

  /**
   * @param egress where gateways may be sent
   * @param sealers seal the secrets of clients
   * @param clock says until when the tokens were issued that are revoked
   */
  public IdentityProviderService(
      EgressPolicy egress, TenantSealers sealers, EdgePublisher publisher, InstantSource clock) {
    this.urls = new FetchUrlRules(egress);
    this.sealers = sealers;
    this.publisher = publisher;
    this.clock = clock;
  }

  /** An identity provider that was written, and the revision at which the edge knows of it. */
  record Published(IdentityProvider provider, long revision) {}

  /**
   * Makes one.
   *
   * @param wanted what the caller has sent, the secret among it
   */
  Published create(SqlConnection tx, UUID tenantId, JsonObject wanted) {
    if (store.count(tx, tenantId) >= MAX_PER_TENANT) {
      throw new ProblemException(
          Problem.TOO_MANY_IDENTITY_PROVIDERS,
          "a tenant can have at most " + MAX_PER_TENANT + " identity providers");
    }
    JsonObject document = wanted.copy();
    UUID id = UuidCreator.getTimeOrderedEpoch();
    Optional<SealedSecret> secret = secrets(tx, tenantId).takeFrom(document, id);
    check(document);
    return published(tx, store.insert(tx, id, tenantId, document, secret));
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

  /**
   * Changes one.
   *
   * @param patch the merge patch
   * @param patched what comes of it, the secret among it where the patch gives one
   */
  Published change(
      SqlConnection tx, IdentityProvider provider, JsonObject patch, JsonObject patched) {
    JsonObject document = patched.copy();
    UUID id = provider.id();
    Optional<SealedSecret> secret =
        secrets(tx, provider.tenantId())
            .change(id, provider.clientSecret(), provider.document(), patch, document);
    check(document);
    return published(tx, store.update(tx, id, document, secret));
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

  private void check(JsonObject document) {
    checkKeys(document.getJsonObject("keys"));
    if (document.containsKey("login")) {
      checkLogin(document.getString("issuer"));
    } else if (document.getJsonArray("audiences", new JsonArray()).isEmpty()) {
      throw refused("/audiences", "must name one at least, where there is no login");
    }
  }

  /** What login needs is found below the issuer (OpenID Connect Discovery 1.0 section 4). */
  private void checkLogin(String issuer) {
    urls.check("/issuer", issuer);
    if (issuer.contains("?")) {
      throw refused("/issuer", "must have no query where there is login, found \"" + issuer + "\"");
    }
  }

  private void checkKeys(JsonObject keys) {
    if (keys.containsKey("jwksUrl")) {
      urls.check("/keys/jwksUrl", keys.getString("jwksUrl"));
    }
    if (keys.containsKey("jwks")) {
      PublicKeyRules.check(keys.getJsonObject("jwks"));
    }
  }

  private static ProblemException refused(String pointer, String fault) {
    return new ProblemException(Problem.INVALID_BODY, List.of(Fault.at(pointer, fault)));
  }

  /** The time, but none before another: what is revoked stays so when a clock is set back. */
  private Instant notBefore(Optional<Instant> other) {
    Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS); // as PostgreSQL keeps it
    return other.filter(now::isBefore).orElse(now);
  }

  private ClientSecrets secrets(SqlConnection tx, UUID tenant) {
    return new ClientSecrets(
        ClientPlace.LOGIN,
        new SecretColumn(sealers.of(tx, tenant), "identity_provider.client_secret"),
        clock);
  }

  private Published published(SqlConnection tx, IdentityProvider provider) {
    return new Published(
        provider, publisher.upsert(tx, provider.toEdge(secrets(tx, provider.tenantId()))));
  }
}

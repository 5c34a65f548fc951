package dev.gatehouse.controlplane.customerkey;

import com.google.crypto.tink.Aead;
import dev.gatehouse.controlplane.api.Fault;
import dev.gatehouse.controlplane.api.Problem;
import dev.gatehouse.controlplane.api.ProblemException;
import dev.gatehouse.controlplane.feed.EdgePublisher;
import dev.gatehouse.controlplane.identity.AuthorityCertificates;
import dev.gatehouse.controlplane.identity.FetchUrlRules;
import dev.gatehouse.controlplane.keyset.KeysetService;
import dev.gatehouse.controlplane.secret.MasterKey;
import dev.gatehouse.controlplane.secret.SealedSecret;
import dev.gatehouse.controlplane.secret.SecretColumn;
import dev.gatehouse.controlplane.tenant.Tenant;
import dev.gatehouse.controlplane.tenant.TenantService;
import dev.gatehouse.egress.EgressPolicy;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.SqlConnection;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;

/** The rules of keys that tenants hold themselves. Any thread that may wait. */
public final class CustomerKeyService {
  private final CustomerKeyStore store = new CustomerKeyStore();
  private final CustomerKeys keys;
  private final KeysetService keysets;
  private final TenantService tenants;
  private final FetchUrlRules urls;
  private final SecretColumn tokens;
  private final EdgePublisher publisher;
  private final InstantSource clock;

  /**
   * @param keys asks for them
   * @param egress where key services may be
   * @param masterKey seals their tokens
   */
  public CustomerKeyService(
      CustomerKeys keys,
      KeysetService keysets,
      TenantService tenants,
      EgressPolicy egress,
      MasterKey masterKey,
      EdgePublisher publisher,
      InstantSource clock) {
    this.keys = keys;
    this.keysets = keysets;
    this.tenants = tenants;
    this.urls = new FetchUrlRules(egress);
    this.tokens = CustomerKeys.tokens(masterKey);
    this.publisher = publisher;
    this.clock = clock;
  }

  /**
   * What the key service has said to a key that is wanted.
   *
   * @param document where the key is
   * @param token for the service
   * @param made the key that wraps, and what the service has made of it
   * @param before version of what was there when it was asked
   */
  record Prepared(JsonObject document, String token, WrappingKey.Made made, OptionalLong before) {}

  /** A key that was written, and the revision at which the edge knows of it, where it must. */
  record Written(CustomerKey key, OptionalLong revision) {}

  Optional<CustomerKey> lookUp(SqlConnection connection, UUID tenant) {
    return store.find(connection, tenant);
  }

  CustomerKey find(SqlConnection connection, UUID tenant) {
    return lookUp(connection, tenant)
        .orElseThrow(() ->
            new ProblemException(
                Problem.KEY_ENCRYPTION_KEY_NOT_FOUND,
                "the tenant's keysets are wrapped by the platform's key alone"));
  }

  /**
   * Asks the key service, outside of any transaction.
   *
   * @param body what the caller has sent
   * @param before what is there
   * @throws ProblemException {@code KEY_SERVICE_REFUSED}, or as the rules of URLs say
   */
  Prepared prepare(UUID tenant, JsonObject body, Optional<CustomerKey> before) {
    JsonObject document = body.copy();
    String token = (String) document.remove("token");
    requireBase(document.getString("url"));
    Optional.ofNullable(document.getString("certificates"))
        .ifPresent(pem -> {
          AuthorityCertificates _ = AuthorityCertificates.parse(pem);
        });
    try {
      Aead at = keys.service().at(KeyPlace.of(document), token);
      OptionalLong version =
          before.map(row -> OptionalLong.of(row.version())).orElse(OptionalLong.empty());
      return new Prepared(document, token, made(tenant, at, before), version);
    } catch (GeneralSecurityException e) {
      throw new ProblemException(Problem.KEY_SERVICE_REFUSED, e.getMessage() + "");
    }
  }

  /** A service that opens what is there has the same key, and nothing else need change. */
  private static WrappingKey.Made made(UUID tenant, Aead at, Optional<CustomerKey> before)
      throws GeneralSecurityException {
    if (before.isPresent()) {
      try {
        return WrappingKey.makeAgain(tenant, before.get().id(), before.get().wrapped(), at);
      } catch (KeyServiceException _) {
        // It is another key then, or cannot be used: which of them is seen below.
      }
    }
    return WrappingKey.make(tenant, at);
  }

  private void requireBase(String text) {
    urls.check("/url", text);
    URI url = URI.create(text);
    String path = url.getRawPath();
    if ((!path.isEmpty() && !path.equals("/")) || url.getRawQuery() != null) {
      throw new ProblemException(
          Problem.INVALID_BODY,
          List.of(Fault.at("/url", "must have no path and no query, found \"" + text + "\"")));
    }
    if (!"https".equals(url.getScheme())) {
      throw new ProblemException(
          Problem.INVALID_BODY,
          List.of(Fault.at("/url", "must be https: the token and the key go there")));
    }
  }

  /**
   * Puts all keysets of a locked tenant under the key.
   *
   * @throws ProblemException {@code VERSION_STALE} if another was put there meanwhile, {@code
   *     KEY_WITHHELD} if the keysets do not open
   */
  Written put(SqlConnection tx, Tenant tenant, Prepared wanted) {
    UUID id = tenant.id();
    Optional<CustomerKey> before = store.find(tx, id);
    OptionalLong found =
        before.map(row -> OptionalLong.of(row.version())).orElse(OptionalLong.empty());
    if (!found.equals(wanted.before())) {
      throw new ProblemException(
          Problem.VERSION_STALE, "another key-encryption key was put there meanwhile");
    }
    WrappingKey key = wanted.made().key();
    Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
    SealedSecret token = tokens.seal(id, wanted.token(), now);
    keys.hold(id, key, token);
    if (before.filter(row -> row.id().equals(key.id())).isEmpty()) {
      keysets.rewrap(tx, id, Optional.of(key.id()));
    }
    Tenant changed = tenants.putKey(tx, id, Optional.of(key.id()), Optional.empty());
    CustomerKey row =
        store.put(tx, id, key.id(), wanted.document(), token, wanted.made().wrapped());
    return new Written(row, toldIfWithheld(tx, tenant, changed));
  }

  /**
   * Puts all keysets of a locked tenant under the master key alone.
   *
   * @throws ProblemException {@code KEY_WITHHELD} if they do not open
   */
  OptionalLong delete(SqlConnection tx, Tenant tenant) {
    keysets.rewrap(tx, tenant.id(), Optional.empty());
    store.delete(tx, tenant.id());
    Tenant changed = tenants.putKey(tx, tenant.id(), Optional.empty(), Optional.empty());
    return toldIfWithheld(tx, tenant, changed);
  }

  /** Whoever is served again needs what could not be told the edge meanwhile, too. */
  private OptionalLong toldIfWithheld(SqlConnection tx, Tenant before, Tenant after) {
    if (before.keyWithheldAt().isEmpty()) {
      return OptionalLong.empty();
    }
    publisher.retellSecrets(tx, after.id());
    return OptionalLong.of(tenants.publish(tx, after));
  }

  /**
   * Has the edge serve a tenant no more whose key is withheld.
   *
   * @param row as it was when its service was asked
   * @return the tenant before, if anything has changed
   */
  Optional<Tenant> withhold(SqlConnection tx, CustomerKey row, String reason) {
    Optional<Tenant> tenant = unchanged(tx, row).filter(one -> one.keyWithheldAt().isEmpty());
    tenant.ifPresent(one -> {
      store.putReason(tx, one.id(), Optional.of(reason));
      Optional<Instant> now = Optional.of(clock.instant().truncatedTo(ChronoUnit.MICROS));
      Tenant dark = tenants.putKey(tx, one.id(), Optional.of(row.id()), now);
      publisher.retellSecrets(tx, one.id()); // which now says that there are none
      long _ = tenants.publish(tx, dark);
    });
    return tenant;
  }

  /** Has the edge serve a tenant again whose key is within reach. Returns the tenant as it was. */
  Optional<Tenant> giveBack(SqlConnection tx, CustomerKey row) {
    Optional<Tenant> tenant = unchanged(tx, row).filter(one -> one.keyWithheldAt().isPresent());
    tenant.ifPresent(one -> {
      store.putReason(tx, one.id(), Optional.empty());
      Tenant served = tenants.putKey(tx, one.id(), Optional.of(row.id()), Optional.empty());
      OptionalLong _ = toldIfWithheld(tx, one, served);
    });
    return tenant;
  }

  /** Says once more what the edge could not be told for lack of the key. */
  void retell(SqlConnection tx, CustomerKey row) {
    publisher.retellSecrets(tx, row.tenantId());
  }

  private Optional<Tenant> unchanged(SqlConnection tx, CustomerKey row) {
    Optional<Tenant> tenant = tenants.lockById(tx, row.tenantId());
    return store
        .find(tx, row.tenantId())
        .filter(now -> now.id().equals(row.id()) && now.wrapped().equals(row.wrapped()))
        .filter(now -> now.updatedAt().equals(row.updatedAt()))
        .flatMap(_ -> tenant);
  }

  /** Notes that an instance was given the key. */
  void answered(SqlConnection connection, CustomerKey row) {
    store.answered(connection, row.tenantId(), row.id());
  }

  /** Some of all, in the order of their tenants. */
  List<CustomerKey> after(SqlConnection connection, Optional<UUID> tenant, int count) {
    return store.after(connection, tenant, count);
  }

  /** Forgets that of a deleted tenant. */
  public boolean erase(SqlConnection tx, UUID tenant) {
    store.delete(tx, tenant);
    return true;
  }
}

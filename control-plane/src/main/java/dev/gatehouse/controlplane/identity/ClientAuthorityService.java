package dev.gatehouse.controlplane.identity;

import com.github.f4b6a3.uuid.UuidCreator;
import dev.gatehouse.contract.edge.EdgeObject;
import dev.gatehouse.controlplane.api.Fault;
import dev.gatehouse.controlplane.api.Problem;
import dev.gatehouse.controlplane.api.ProblemException;
import dev.gatehouse.controlplane.feed.EdgePublisher;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.SqlConnection;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The rules of a tenant's client authorities. Who changes one has locked the tenant. */
public final class ClientAuthorityService {
  private static final int MAX_PER_TENANT = 10;
  private static final String REVOKED = "revokedSerials";

  private final ClientAuthorityStore store = new ClientAuthorityStore();
  private final EdgePublisher publisher;
  private final InstantSource clock;

  /**
   * @param clock says which certificates have expired
   */
  public ClientAuthorityService(EdgePublisher publisher, InstantSource clock) {
    this.publisher = publisher;
    this.clock = clock;
  }

  /** A client authority that was written, and the revision at which the edge knows of it. */
  record Published(ClientAuthority authority, long revision) {}

  Published create(SqlConnection tx, UUID tenantId, JsonObject wanted) {
    if (store.count(tx, tenantId) >= MAX_PER_TENANT) {
      throw new ProblemException(
          Problem.TOO_MANY_CLIENT_AUTHORITIES,
          "a tenant can have at most " + MAX_PER_TENANT + " client authorities");
    }
    JsonObject document = checked(wanted, List.of());
    return published(tx, store.insert(tx, UuidCreator.getTimeOrderedEpoch(), tenantId, document));
  }

  ClientAuthority find(SqlConnection connection, UUID tenantId, UUID id) {
    return store
        .find(connection, tenantId, id)
        .orElseThrow(() ->
            new ProblemException(
                Problem.CLIENT_AUTHORITY_NOT_FOUND,
                "the tenant has no client authority with the id " + id));
  }

  List<ClientAuthority> list(
      SqlConnection connection, UUID tenantId, Optional<UUID> after, int count) {
    return store.list(connection, tenantId, after, count);
  }

  Published change(SqlConnection tx, ClientAuthority authority, JsonObject wanted) {
    JsonObject document =
        checked(wanted, AuthorityCertificates.parse(authority.certificates()).all());
    return published(tx, store.update(tx, authority.id(), document));
  }

  /** Returns the revision at which its certificates open nothing any more. */
  long delete(SqlConnection tx, ClientAuthority authority) {
    store.delete(tx, authority.id());
    return publisher.remove(tx, EdgeObject.Kind.CLIENT_AUTHORITY, authority.id().toString());
  }

  /** Erases those of a deleted tenant, which are few. */
  public boolean erase(SqlConnection tx, UUID tenantId) {
    List<String> ids = store.deleteAll(tx, tenantId).stream().map(UUID::toString).toList();
    publisher.removeAll(tx, EdgeObject.Kind.CLIENT_AUTHORITY, ids);
    return true;
  }

  /**
   * The document as it is kept.
   *
   * @param known the certificates of until now. They are not judged again: one that has expired
   *     meanwhile must not keep anybody from revoking others, or from putting the next beside it
   */
  private JsonObject checked(JsonObject wanted, List<X509Certificate> known) {
    JsonObject document = wanted.copy();
    checkTrustDomain(document);
    AuthorityCertificates certificates =
        AuthorityCertificates.parse(document.getString("certificates"));
    certificates.check(clock.instant(), known);
    document.put("certificates", certificates.toPem());
    if (document.containsKey(REVOKED)) {
      document.put(REVOKED, SerialNumbers.normalized(document.getJsonArray(REVOKED)));
    }
    return document;
  }

  private static void checkTrustDomain(JsonObject document) {
    boolean needed = document.getString("subject").equals("spiffe");
    if (needed != document.containsKey("trustDomain")) {
      throw new ProblemException(
          Problem.INVALID_BODY,
          List.of(
              Fault.at(
                  "/trustDomain",
                  needed
                      ? "is required where subject is spiffe"
                      : "must not be there where subject is not spiffe")));
    }
  }

  private Published published(SqlConnection tx, ClientAuthority authority) {
    return new Published(authority, publisher.upsert(tx, authority.toEdge()));
  }
}

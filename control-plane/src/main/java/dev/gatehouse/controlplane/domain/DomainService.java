package dev.gatehouse.controlplane.domain;

import dev.gatehouse.contract.tenant.Hostname;
import dev.gatehouse.controlplane.api.Fault;
import dev.gatehouse.controlplane.api.Problem;
import dev.gatehouse.controlplane.api.ProblemException;
import io.vertx.sqlclient.SqlConnection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Which host names a tenant may have. That a host has one tenant is for the database to decide. */
public final class DomainService {
  private final DomainStore store = new DomainStore();
  private final Hostname baseDomain;

  public DomainService(Hostname baseDomain) {
    this.baseDomain = baseDomain;
  }

  /** The tenant's hosts, in their order. */
  public List<Hostname> hostsOf(SqlConnection connection, UUID tenantId) {
    return store.hosts(connection, tenantId);
  }

  /** Gives all of a tenant's hosts free. */
  public void removeAll(SqlConnection tx, UUID tenantId) {
    store.deleteAll(tx, tenantId);
  }

  List<Domain> list(SqlConnection connection, UUID tenantId, Optional<String> after, int count) {
    return store.list(connection, tenantId, after.orElse(""), count);
  }

  /**
   * Gives a host to a tenant that the transaction has locked.
   *
   * @param most hosts that the tenant may have
   * @throws ProblemException {@code HOST_NOT_ALLOWED} or {@code DOMAIN_LIMIT_REACHED}
   */
  Domain add(SqlConnection tx, UUID tenantId, String spelling, int most) {
    Hostname host = Hostname.parse(spelling);
    if (host.equals(baseDomain) || host.isBelow(baseDomain)) {
      throw notAllowed(host, "belongs to the platform's base domain " + baseDomain);
    }
    if (host.value().indexOf('.') < 0) {
      throw notAllowed(host, "must have at least two labels");
    }
    if (store.hosts(tx, tenantId).size() >= most) {
      throw new ProblemException(
          Problem.DOMAIN_LIMIT_REACHED,
          "the tenant may have " + most + " custom domains: remove one or raise its limit");
    }
    return store.insert(tx, tenantId, host);
  }

  void remove(SqlConnection tx, UUID tenantId, String spelling) {
    if (!Hostname.isValid(spelling)
        || !store.delete(tx, tenantId, Hostname.parse(spelling).value())) {
      throw new ProblemException(
          Problem.DOMAIN_NOT_FOUND, "the tenant has no domain \"" + spelling + "\"");
    }
  }

  private static ProblemException notAllowed(Hostname host, String why) {
    return new ProblemException(
        Problem.HOST_NOT_ALLOWED, List.of(Fault.at("/host", why + ", found \"" + host + "\"")));
  }
}

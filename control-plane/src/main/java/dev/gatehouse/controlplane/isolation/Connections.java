package dev.gatehouse.controlplane.isolation;

import com.nimbusds.jwt.SignedJWT;
import dev.gatehouse.contract.context.ContextRefusedException;
import dev.gatehouse.contract.context.ContextVerifier;
import dev.gatehouse.contract.context.TenantContext;
import dev.gatehouse.contract.database.DatabaseAccess;
import dev.gatehouse.contract.database.IsolationStrategy;
import dev.gatehouse.controlplane.api.Fault;
import dev.gatehouse.controlplane.api.Problem;
import dev.gatehouse.controlplane.api.ProblemException;
import dev.gatehouse.controlplane.key.SigningKeyService;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.SqlConnection;
import java.text.ParseException;
import java.util.List;
import java.util.UUID;

/**
 * How applications connect to the data of tenants. They are told for a tenant of whom they have a
 * request: who takes an application over learns no more than that.
 */
public final class Connections {
  private final PartitionService partitions;
  private final PlacementService placements;
  private final SigningKeyService signingKeys;

  /**
   * @param signingKeys verify the contexts
   */
  public Connections(
      PartitionService partitions, PlacementService placements, SigningKeyService signingKeys) {
    this.partitions = partitions;
    this.placements = placements;
    this.signingKeys = signingKeys;
  }

  /**
   * How to connect to the data of a tenant.
   *
   * @param jws the signed context of a request of this tenant, for a service that asks where data
   *     are
   * @throws ProblemException {@code CONTEXT_REFUSED}, or {@code NOT_PLACED}
   */
  JsonObject of(SqlConnection connection, UUID tenant, String jws) {
    requireContext(connection, tenant, jws);
    Placement placement =
        placements
            .find(connection, tenant)
            .filter(Placement::isPlaced)
            .orElseThrow(
                () -> new ProblemException(Problem.NOT_PLACED, "its data have no place yet"));
    Partition partition = partitions.find(connection, placement.partition());
    PartitionNames names = partition.names();
    JsonObject json =
        new JsonObject()
            .put("partition", partition.name())
            .put("strategy", placement.strategy().wireName())
            .put("host", partition.document().getString("host"))
            .put("port", partition.document().getInteger("port", PartitionAddress.DEFAULT_PORT))
            .put("tls", partition.document().getString("tls", PartitionAddress.DEFAULT_TLS))
            .put("replicas", partition.replicas())
            .put("connectionLimit", partition.connectionLimit());
    partition.trust().ifPresent(pem -> json.put("trust", pem));
    boolean shares = placement.strategy() == IsolationStrategy.SHARED;
    return json.put(
            "database",
            placement.strategy() == IsolationStrategy.DATABASE
                ? names.placeOf(tenant)
                : partition.document().getString("database"))
        .put("user", shares ? names.applicationRole() : names.roleOf(tenant))
        .put(
            "password",
            shares
                ? partitions.applicationPassword(connection, partition.name())
                : placements.passwordOf(connection, placement))
        .put(
            "searchPath",
            placement.strategy() == IsolationStrategy.SCHEMA
                ? names.placeOf(tenant)
                : PartitionNames.SCHEMA);
  }

  private void requireContext(SqlConnection connection, UUID tenant, String jws) {
    try {
      String service = SignedJWT.parse(jws).getJWTClaimsSet().getAudience().getFirst();
      TenantContext context =
          ContextVerifier.withKeys(service, signingKeys.jwks(connection)).verify(jws);
      if (!context.tenantId().equals(tenant)) {
        throw refused("is of another tenant");
      }
      DatabaseAccess _ =
          context.database().orElseThrow(() -> refused("is for a service without databaseToken"));
    } catch (ContextRefusedException | ParseException | RuntimeException e) {
      throw e instanceof ProblemException problem
          ? problem
          : refused("does not verify: " + e.getMessage());
    }
  }

  private static ProblemException refused(String why) {
    return new ProblemException(
        Problem.CONTEXT_REFUSED, List.of(Fault.inHeader(TenantContext.HEADER, why)));
  }
}

package dev.gatehouse.controlplane.key;

import dev.gatehouse.controlplane.secret.MasterKey;
import dev.gatehouse.controlplane.secret.Sealer;
import dev.gatehouse.controlplane.secret.TenantSealers;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Seals what rests in the database with the newest keys, some rows in each transaction, while
 * others read and write. What is left says where to go on.
 */
public final class Resealing {
  /** What begins with it is sealed with a tenant's keys, and else with the master key. */
  public static final String MARK = "gkt1";

  private final MasterKey masterKey;
  private final TenantSealers sealers;

  /**
   * @param masterKey seals what is the platform's
   * @param sealers seal what is of tenants
   */
  public Resealing(MasterKey masterKey, TenantSealers sealers) {
    this.masterKey = masterKey;
    this.sealers = sealers;
  }

  /** How far it is. */
  public enum Progress {
    /** Some was done, and there may be more. */
    MORE,
    /** Others hold the rows that are left: try again in a moment. */
    HELD,
    /** Nothing is left. */
    DONE
  }

  /** Seals some of what is sealed with a former master key, or with any though it is a tenant's. */
  Progress everything(SqlConnection tx) {
    Tuple prefix = Tuple.of(Buffer.buffer(masterKey.prefix()));
    if (reseal(tx, SealedPlace.ALL, SealedPlace::isOldOfPlatform, prefix)) {
      return Progress.MORE;
    }
    for (SealedPlace place : SealedPlace.OF_TENANTS) {
      Optional<UUID> tenant = place.tenantOfUnmarked(tx, false);
      if (tenant.isPresent()) {
        lock(tx, tenant.get());
        Tuple values = Tuple.of(tenant.get());
        return reseal(tx, SealedPlace.OF_TENANTS, SealedPlace::isUnmarkedOfTenant, values)
            ? Progress.MORE
            : Progress.HELD;
      }
    }
    boolean withheld =
        SealedPlace.OF_TENANTS.stream()
            .anyMatch(place -> place.tenantOfUnmarked(tx, true).isPresent());
    return withheld
        ? Progress.HELD
        : left(tx, SealedPlace.ALL, SealedPlace::isOldOfPlatform, prefix);
  }

  /**
   * Keeps others from changing what a tenant has, sealing among it, until the transaction ends. To
   * be called before anything else is locked.
   */
  public void lock(SqlConnection tx, UUID tenant) {
    tx.preparedQuery("SELECT 1 FROM tenant WHERE id = $1 FOR UPDATE")
        .execute(Tuple.of(tenant))
        .await();
  }

  /**
   * Seals some of what is sealed with an older key of a tenant, who is locked.
   *
   * @param newest id of the tenant's key that seals
   */
  public Progress ofTenant(SqlConnection tx, UUID tenant, int newest) {
    Tuple values = Tuple.of(tenant, Buffer.buffer().appendInt(newest));
    return reseal(tx, SealedPlace.OF_TENANTS, SealedPlace::isOldOfTenant, values)
        ? Progress.MORE
        : left(tx, SealedPlace.OF_TENANTS, SealedPlace::isOldOfTenant, values);
  }

  private boolean reseal(
      SqlConnection tx,
      List<SealedPlace> places,
      Function<SealedPlace, String> which,
      Tuple values) {
    return places.stream()
        .anyMatch(place -> place.reseal(tx, which.apply(place), values, this) > 0);
  }

  private static Progress left(
      SqlConnection tx,
      List<SealedPlace> places,
      Function<SealedPlace, String> which,
      Tuple values) {
    return places.stream().anyMatch(place -> place.has(tx, which.apply(place), values))
        ? Progress.HELD
        : Progress.DONE;
  }

  byte[] again(SqlConnection tx, @Nullable UUID tenant, byte[] sealed, String context) {
    Sealer sealer = tenant == null ? masterKey : sealers.of(tx, Optional.of(tenant));
    return sealer.seal(sealer.open(sealed, context), context);
  }
}

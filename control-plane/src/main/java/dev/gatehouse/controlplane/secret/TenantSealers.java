package dev.gatehouse.controlplane.secret;

import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.SqlConnection;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Who seals with the keys of tenants. */
public interface TenantSealers {
  /**
   * Seals with the keys of a tenant, and opens what was sealed with the master key before.
   *
   * @param connection is asked for the keys where they are needed; within a transaction, uses are
   *     counted in it
   */
  Sealer of(SqlConnection connection, UUID tenant);

  /** The same, and the platform's where there is no tenant. */
  Sealer of(SqlConnection connection, Optional<UUID> tenant);

  /**
   * Opens with the keys of a tenant as they rest, and without asking the database.
   *
   * @param wrapped the keyset; null if the tenant has none
   */
  Sealer of(UUID tenant, @Nullable Buffer wrapped);

  /** Seals nothing with keys of tenants. */
  static TenantSealers none(Sealer masterKey) {
    return new TenantSealers() {
      @Override
      public Sealer of(SqlConnection connection, UUID tenant) {
        return masterKey;
      }

      @Override
      public Sealer of(SqlConnection connection, Optional<UUID> tenant) {
        return masterKey;
      }

      @Override
      public Sealer of(UUID tenant, @Nullable Buffer wrapped) {
        return masterKey;
      }
    };
  }
}

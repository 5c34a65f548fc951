package dev.gatehouse.controlplane.identity;

import dev.gatehouse.controlplane.secret.SealedSecret;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.ZoneOffset;
import java.util.Optional;

/** The columns {@code client_secret} and {@code client_secret_set_at}: both are there or none. */
final class SecretColumns {
  private SecretColumns() {}

  /** Adds their values, in this order. */
  static void addTo(Tuple values, Optional<SealedSecret> secret) {
    values.addValue(secret.map(SealedSecret::sealed).orElse(null));
    values.addValue(secret.map(sealed -> sealed.setAt().atOffset(ZoneOffset.UTC)).orElse(null));
  }

  static Optional<SealedSecret> in(Row row) {
    return Optional.ofNullable(row.getBuffer("client_secret"))
        .map(sealed ->
            new SealedSecret(sealed, row.getOffsetDateTime("client_secret_set_at").toInstant()));
  }
}

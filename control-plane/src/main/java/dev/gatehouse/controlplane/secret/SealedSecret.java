package dev.gatehouse.controlplane.secret;

import io.vertx.core.buffer.Buffer;
import java.time.Instant;

/**
 * A secret as it rests in the database.
 *
 * @param sealed what {@link SecretColumn} opens
 * @param setAt when somebody gave it
 */
public record SealedSecret(Buffer sealed, Instant setAt) {}

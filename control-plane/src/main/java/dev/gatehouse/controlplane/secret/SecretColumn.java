package dev.gatehouse.controlplane.secret;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.util.UUID;

/**
 * Seals the secrets of one column of a table, each for its row: copied into another row or column,
 * it does not open. Immutable; any thread.
 */
public final class SecretColumn {
  private final Sealer sealer;
  private final String name;

  /**
   * @param name with its table: {@code identity_provider.client_secret}. What was sealed under a
   *     name opens under this name only
   */
  public SecretColumn(Sealer sealer, String name) {
    this.sealer = sealer;
    this.name = name;
  }

  /** Seals a secret that was given now. */
  public SealedSecret seal(UUID row, String secret, Instant now) {
    return new SealedSecret(
        Buffer.buffer(sealer.seal(secret.getBytes(UTF_8), contextOf(row))), now);
  }

  /**
   * Opens what was sealed for the row.
   *
   * @throws IllegalStateException if it was sealed for another one, with another key, or was
   *     altered
   */
  public String open(UUID row, SealedSecret secret) {
    return new String(sealer.open(secret.sealed().getBytes(), contextOf(row)), UTF_8);
  }

  private String contextOf(UUID row) {
    return name + "/" + row;
  }
}

package dev.gatehouse.controlplane.secret;

import com.google.crypto.tink.Aead;
import io.vertx.sqlclient.SqlConnection;
import java.util.Optional;
import java.util.UUID;

/** The keys that tenants hold themselves, and that their keysets are wrapped by. */
public interface WrappingKeys {
  /**
   * A key, which its holder is asked for where it is not at hand. Waits.
   *
   * @throws dev.gatehouse.controlplane.api.ProblemException {@code KEY_WITHHELD}
   */
  Aead require(SqlConnection connection, UUID tenant, UUID key);

  /**
   * A key that is at hand; nobody is asked. Where it is not, the edge is told once more of the
   * tenant's secrets as soon as it is.
   */
  Optional<Aead> atHand(UUID tenant, UUID key);
}

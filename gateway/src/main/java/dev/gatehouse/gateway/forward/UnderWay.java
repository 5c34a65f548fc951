package dev.gatehouse.gateway.forward;

import dev.gatehouse.gateway.authenticate.Principal;
import dev.gatehouse.gateway.client.IpBits;
import dev.gatehouse.gateway.directory.Tenant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A request, or a WebSocket, that has not ended. */
public interface UnderWay {
  /** Whose it is, as the tenant was when it began. */
  Tenant tenant();

  /** All that it proved of who called. */
  List<Principal> proofs();

  /** From where it comes; null if the client has no address. */
  @Nullable IpBits address();

  /** When it began, on the clock of {@link System#nanoTime()}. */
  long startNanos();
}

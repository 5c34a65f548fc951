package dev.gatehouse.gateway.forward;

import dev.gatehouse.gateway.authenticate.Principal;
import dev.gatehouse.gateway.directory.Tenant;
import java.util.List;

/** A request, or a WebSocket, that has not ended. */
public interface UnderWay {
  /** Whose it is, as the tenant was when it began. */
  Tenant tenant();

  /** All that it proved of who called. */
  List<Principal> proofs();

  /** When it began, on the clock of {@link System#nanoTime()}. */
  long startNanos();
}

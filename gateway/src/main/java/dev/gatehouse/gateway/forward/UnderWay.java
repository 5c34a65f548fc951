package dev.gatehouse.gateway.forward;

import dev.gatehouse.gateway.authenticate.Principal;
import dev.gatehouse.gateway.directory.Tenant;

/** A request, or a WebSocket, that has not ended. */
public interface UnderWay {
  /** Whose it is, as the tenant was when it began. */
  Tenant tenant();

  /** Who called. */
  Principal principal();

  /** When it began, on the clock of {@link System#nanoTime()}. */
  long startNanos();
}

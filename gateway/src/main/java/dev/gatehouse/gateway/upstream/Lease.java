package dev.gatehouse.gateway.upstream;

import dev.gatehouse.contract.edge.EdgeService.Endpoint;
import io.vertx.core.net.SocketAddress;

/** An endpoint. */
public interface Lease {
  Endpoint endpoint();

  SocketAddress address();

  void ended(Outcome outcome);
}

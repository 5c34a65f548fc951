package dev.gatehouse.contract.database;

import dev.gatehouse.contract.database.ConnectionDetails.Server;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * In which order servers are asked that can answer queries: replicas in turn, those last that did
 * not answer a moment ago, then the one that takes writes. Any thread.
 */
final class ServerChoice {
  private static final Duration REST = Duration.ofSeconds(10);
  private static final int MOST = 1000;

  private final AtomicInteger turn = new AtomicInteger();

  /** Until when they are left alone. Guarded by itself. */
  private final Map<Server, Instant> resting = new LinkedHashMap<>();

  List<Server> inTurn(ConnectionDetails details) {
    List<Server> replicas = details.replicas();
    List<Server> order = new ArrayList<>();
    int first = replicas.isEmpty() ? 0 : Math.floorMod(turn.getAndIncrement(), replicas.size());
    for (int i = 0; i < replicas.size(); i++) {
      Server replica = replicas.get((first + i) % replicas.size());
      if (!isResting(replica)) {
        order.add(replica);
      }
    }
    order.add(details.primary());
    return order;
  }

  private boolean isResting(Server server) {
    synchronized (resting) {
      Instant until = resting.get(server);
      return until != null && Instant.now().isBefore(until);
    }
  }

  void didNotAnswer(Server server, Throwable failure) {
    if (!(failure instanceof TenantDatabaseException.Unavailable)) {
      return;
    }
    synchronized (resting) {
      resting.put(server, Instant.now().plus(REST));
      if (resting.size() > MOST) {
        resting.remove(resting.keySet().iterator().next());
      }
    }
  }
}

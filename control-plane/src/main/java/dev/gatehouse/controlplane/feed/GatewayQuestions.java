package dev.gatehouse.controlplane.feed;

import dev.gatehouse.contract.edge.ExplainAnswer;
import dev.gatehouse.contract.edge.ExplainQuestion;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/** Asks gateways what would become of requests, over the feed that they follow. */
public interface GatewayQuestions {
  /**
   * Asks a gateway, and waits for its answer. Blocks, and holds no connection to the database
   * meanwhile: call it on a virtual thread, outside of a transaction.
   *
   * @param gateway which one; empty for one that is connected and up to date, and, where it is
   *     silent for half of the time, another one
   * @param question makes the question, given its id
   * @param atMost how long to wait
   * @throws dev.gatehouse.controlplane.api.ProblemException {@code NO_GATEWAY}, {@code
   *     GATEWAY_NOT_FOUND}, {@code GATEWAY_SILENT} or {@code TOO_MANY_QUESTIONS}
   */
  ExplainAnswer ask(
      Optional<String> gateway, Function<UUID, ExplainQuestion> question, Duration atMost);
}

package dev.gatehouse.gateway.explain;

import dev.gatehouse.contract.edge.ExplainAnswer;
import dev.gatehouse.contract.edge.ExplainQuestion;
import dev.gatehouse.gateway.bounds.Bound;
import dev.gatehouse.gateway.directory.ControlPlaneClient;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers what the control plane asks over the feed, and tells of the tenant alone that it asks
 * for. Nothing of a question is kept or logged. Runs on one event loop.
 */
public final class QuestionAnswerer {
  private static final Logger LOG = LoggerFactory.getLogger(QuestionAnswerer.class);

  /** The control plane does not wait longer. */
  private static final long AT_MOST_MILLIS = 5_000;

  /** The most that are answered at once. */
  @Bound(
      of = "requests that the control plane asks about",
      unit = "questions",
      atIt = "one more is answered: the gateway is busy")
  static final int MOST = 16;

  private final Explainer explainer;
  private final ControlPlaneClient controlPlane;
  private final String gatewayName;
  private int underWay;

  /**
   * @param gatewayName unique among the gateways of the platform
   */
  public QuestionAnswerer(
      Explainer explainer, ControlPlaneClient controlPlane, String gatewayName) {
    this.explainer = explainer;
    this.controlPlane = controlPlane;
    this.gatewayName = gatewayName;
  }

  /** Answers one. Returns at once. */
  public void answer(ExplainQuestion question) {
    if (underWay == MOST) {
      send(failure(question, "it answers as many questions as it may: ask again"));
      return;
    }
    Future<Explanation> explained;
    try {
      explained =
          explainer.explainFor(
              question.tenant(),
              question.url(),
              question.method(),
              question.headers(),
              question.client());
    } catch (IllegalArgumentException e) {
      send(wrong(question, String.valueOf(e.getMessage())));
      return;
    } catch (RuntimeException e) {
      // What goes wrong with one question must not end the feed, which it came by.
      explained = Future.failedFuture(e);
    }
    underWay++;
    explained
        .timeout(AT_MOST_MILLIS, TimeUnit.MILLISECONDS)
        .onComplete(outcome -> {
          underWay--;
          if (outcome.succeeded()) {
            send(told(question, outcome.result().toJson()));
          } else {
            LOG.error("a request could not be explained", outcome.cause());
            send(failure(question, "it could not tell: its log says why"));
          }
        });
  }

  private ExplainAnswer told(ExplainQuestion question, JsonObject explanation) {
    return new ExplainAnswer(
        gatewayName,
        question.id(),
        Optional.of(plain(explanation)),
        Optional.empty(),
        Optional.empty());
  }

  private ExplainAnswer wrong(ExplainQuestion question, String why) {
    return new ExplainAnswer(
        gatewayName, question.id(), Optional.empty(), Optional.of(why), Optional.empty());
  }

  private ExplainAnswer failure(ExplainQuestion question, String why) {
    return new ExplainAnswer(
        gatewayName, question.id(), Optional.empty(), Optional.empty(), Optional.of(why));
  }

  /** As maps and lists, at every depth. */
  private static Map<String, Object> plain(JsonObject document) {
    return new JsonObject(document.toBuffer()).getMap();
  }

  private void send(ExplainAnswer answer) {
    controlPlane
        .send(HttpMethod.POST, ExplainAnswer.PATH, Buffer.buffer(answer.encode()))
        .onFailure(failure -> LOG.debug("an explanation did not arrive", failure));
  }
}

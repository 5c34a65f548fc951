package dev.gatehouse.controlplane.feed;

import com.github.f4b6a3.uuid.UuidCreator;
import dev.gatehouse.contract.edge.ExplainAnswer;
import dev.gatehouse.contract.edge.ExplainQuestion;
import dev.gatehouse.controlplane.api.Problem;
import dev.gatehouse.controlplane.api.ProblemException;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings questions to the gateways that this instance feeds, and answers to who waits for them
 * here; whichever instance has the other side. One thread reads the database, after a notification,
 * and once a second while somebody waits.
 */
final class QuestionDesk implements GatewayQuestions, Runnable {
  /** Of one instance; one more is refused. */
  static final int MOST_OPEN = 32;

  private static final Logger LOG = LoggerFactory.getLogger(QuestionDesk.class);
  private static final int REMEMBERED = 1024;

  /** One after the other, where none was named. */
  private static final int MOST_ASKED = 2;

  private final QuestionStore questions;
  private final GatewayStore gateways;

  /** The newest connection of a name last; the ones before it count again when it has gone. */
  private final Map<String, List<FeedSession>> sessions = new ConcurrentHashMap<>();

  private final Map<UUID, Promise<ExplainAnswer>> waiting = new ConcurrentHashMap<>();
  private final Semaphore open = new Semaphore(MOST_OPEN);
  private final Hints hints = new Hints();

  /** What was brought to a gateway once is not brought again. This thread's own. */
  private final Map<UUID, FeedSession> brought =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<UUID, FeedSession> eldest) {
          return size() > REMEMBERED;
        }
      };

  QuestionDesk(QuestionStore questions, GatewayStore gateways) {
    this.questions = questions;
    this.gateways = gateways;
  }

  /** A gateway that answers questions has connected here. */
  void connected(String gateway, FeedSession session) {
    sessions.merge(gateway, List.of(session), QuestionDesk::both);
    wake();
  }

  /** One of its connections has gone; does nothing if there was none. */
  void gone(String gateway, FeedSession session) {
    sessions.computeIfPresent(
        gateway,
        (_, all) -> {
          List<FeedSession> left = all.stream().filter(one -> one != session).toList();
          return left.isEmpty() ? null : left;
        });
  }

  private static List<FeedSession> both(List<FeedSession> first, List<FeedSession> second) {
    return Stream.concat(first.stream(), second.stream()).toList();
  }

  @Override
  public ExplainAnswer ask(
      Optional<String> gateway, Function<UUID, ExplainQuestion> question, Duration atMost) {
    List<String> asked = choose(gateway);
    if (!open.tryAcquire()) {
      throw new ProblemException(
              Problem.TOO_MANY_QUESTIONS, MOST_OPEN + " wait for an answer here: try again")
          .withHeader("Retry-After", "1");
    }
    try {
      Duration each = atMost.dividedBy(asked.size());
      for (String one : asked) {
        Optional<ExplainAnswer> answer = answerOf(one, question, each);
        if (answer.isPresent()) {
          return answer.get();
        }
      }
      throw silent(asked, atMost);
    } finally {
      open.release();
    }
  }

  private Optional<ExplainAnswer> answerOf(
      String gateway, Function<UUID, ExplainQuestion> question, Duration atMost) {
    UUID id = UuidCreator.getTimeOrderedEpoch();
    Promise<ExplainAnswer> answer = Promise.promise();
    waiting.put(id, answer);
    try {
      questions.ask(gateway, question.apply(id));
      // Not await() with a time: after it ran out, Vert.x refuses any further wait on its threads.
      return answer
          .future()
          .timeout(atMost.toNanos(), TimeUnit.NANOSECONDS)
          .map(Optional::of)
          .otherwise(Optional.empty())
          .await();
    } finally {
      waiting.remove(id);
      questions.forget(id);
    }
  }

  /** One that may be silent as it hangs, or is just being replaced, is not the last word. */
  private List<String> choose(Optional<String> named) {
    List<String> live = gateways.explainers();
    if (live.isEmpty()) {
      throw new ProblemException(
          Problem.NO_GATEWAY, "no gateway is connected that can be asked: start one, or wait");
    }
    if (named.isPresent() && !live.contains(named.get())) {
      throw new ProblemException(
          Problem.GATEWAY_NOT_FOUND,
          "no gateway of this name is connected: \""
              + named.get()
              + "\"; there is "
              + String.join(", ", live.subList(0, Math.min(live.size(), 10))));
    }
    return named.map(List::of).orElse(live.subList(0, Math.min(live.size(), MOST_ASKED)));
  }

  private static ProblemException silent(List<String> asked, Duration atMost) {
    return new ProblemException(
        Problem.GATEWAY_SILENT,
        "asked, "
            + String.join(" and then ", asked)
            + " did not answer within "
            + atMost.toMillis() / 1000.0
            + " s");
  }

  /** There may be a question or an answer. Returns at once; any thread. */
  void wake() {
    hints.give();
  }

  /** Brings questions and answers until this thread is interrupted. */
  @Override
  public void run() {
    hints.follow(() -> !waiting.isEmpty(), this::look);
  }

  private void look() {
    try {
      bring();
      answer();
    } catch (RuntimeException e) {
      LOG.warn("questions to gateways cannot be read", e);
    }
  }

  private void bring() {
    Set<String> here = Set.copyOf(sessions.keySet());
    if (here.isEmpty()) {
      return;
    }
    questions
        .openTo(here)
        .forEach((id, asked) -> {
          List<FeedSession> open = sessions.getOrDefault(asked.gateway(), List.of());
          if (!open.isEmpty() && brought.put(id, open.getLast()) != open.getLast()) {
            open.getLast().ask(asked.question());
          }
        });
  }

  private void answer() {
    Set<UUID> here = Set.copyOf(waiting.keySet());
    if (here.isEmpty()) {
      return;
    }
    questions
        .answersTo(here)
        .forEach((id, answer) -> {
          Promise<ExplainAnswer> waiter = waiting.get(id);
          if (waiter != null) {
            waiter.tryComplete(answer);
          }
        });
  }
}

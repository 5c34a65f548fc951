package dev.gatehouse.controlplane.feed;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.gatehouse.contract.edge.ExplainAnswer;
import dev.gatehouse.contract.edge.ExplainQuestion;
import dev.gatehouse.contract.edge.FeedMessage;
import dev.gatehouse.controlplane.api.Problem;
import dev.gatehouse.controlplane.api.ProblemException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two instances: a gateway follows one, and somebody asks at the other. */
@Timeout(60)
class QuestionDeskTest {
  private static final String SECRET = "a-secret-that-nobody-keeps";
  private static final Duration LONG = Duration.ofSeconds(30);
  private static final ExecutorService ASKERS = Executors.newVirtualThreadPerTaskExecutor();

  private static FeedDatabase database;
  private static FeedServer here;
  private static FeedServer there;

  @BeforeAll
  static void start() {
    database = new FeedDatabase();
    here = new FeedServer(database);
    there = new FeedServer(database);
  }

  @AfterAll
  static void stop() {
    ASKERS.shutdownNow();
    here.close();
    there.close();
    database.close();
  }

  private static ExplainQuestion question(UUID id) {
    return new ExplainQuestion(
        id,
        UUID.randomUUID(),
        "https://acme.example.com/",
        "GET",
        List.of("Authorization: Bearer " + SECRET),
        Optional.empty());
  }

  private static CompletableFuture<ExplainAnswer> ask(Optional<String> gateway, Duration atMost) {
    return CompletableFuture.supplyAsync(
        () -> here.feed().questions().ask(gateway, QuestionDeskTest::question, atMost), ASKERS);
  }

  private static ExplainQuestion asked(FeedReader gateway) throws InterruptedException {
    FeedMessage message = gateway.next(FeedMessage.Ask.class::isInstance);
    return ((FeedMessage.Ask) message).question();
  }

  private static int answer(FeedServer at, String gateway, UUID id, String verdict)
      throws Exception {
    ExplainAnswer answer =
        new ExplainAnswer(
            gateway, id, Optional.of(explanation(verdict)), Optional.empty(), Optional.empty());
    return at.post(ExplainAnswer.PATH, new String(answer.encode(), UTF_8)).statusCode();
  }

  private static Map<String, Object> explanation(String verdict) {
    return Map.of("verdict", verdict, "steps", List.of());
  }

  private static String text(String sql) {
    return database.pool().query(sql).execute().await().iterator().next().getString(0);
  }

  private static Problem problemOf(CompletableFuture<ExplainAnswer> asked) {
    Throwable failure = catchThrowableOfType(CompletionException.class, asked::join);
    if (failure.getCause() instanceof ProblemException problem) {
      return problem.problem();
    }
    throw new AssertionError("expected a problem", failure);
  }

  @Test
  void bringsQuestionAndAnswerFromOneInstanceToTheOther() throws Exception {
    try (FeedReader gateway = there.explainer("gw-there")) {
      gateway.snapshot();
      CompletableFuture<ExplainAnswer> answer = ask(Optional.of("gw-there"), LONG);
      ExplainQuestion question = asked(gateway);

      assertThat(question.headers()).containsExactly("Authorization: Bearer " + SECRET);
      assertThat(answer(there, "gw-there", question.id(), "refused")).isEqualTo(204);
      assertThat(answer.join().explanation()).contains(explanation("refused"));
    }
  }

  @Test
  void keepsNoQuestionInTheClearAndNoneWhenItIsAnswered() throws Exception {
    try (FeedReader gateway = there.explainer("gw-sealed")) {
      gateway.snapshot();
      CompletableFuture<ExplainAnswer> answer = ask(Optional.of("gw-sealed"), LONG);
      ExplainQuestion question = asked(gateway);

      String kept =
          text(
              "SELECT encode(question, 'escape') FROM gateway_question WHERE id = '%s'"
                  .formatted(question.id()));
      assertThat(kept).isNotEmpty().doesNotContain(SECRET).doesNotContain("acme");
      assertThat(text("SELECT relpersistence FROM pg_class WHERE relname = 'gateway_question'"))
          .isEqualTo("u");

      answer(here, "gw-sealed", question.id(), "forwarded");
      ExplainAnswer _ = answer.join();
      assertThat(
              text(
                  "SELECT count(*)::text FROM gateway_question WHERE id = '%s'"
                      .formatted(question.id())))
          .isEqualTo("0");
    }
  }

  @Test
  void takesNoAnswerOfAGatewayThatWasNotAsked() throws Exception {
    try (FeedReader gateway = here.explainer("gw-asked")) {
      gateway.snapshot();
      CompletableFuture<ExplainAnswer> answer = ask(Optional.of("gw-asked"), LONG);
      ExplainQuestion question = asked(gateway);

      answer(here, "gw-other", question.id(), "forged");
      answer(here, "gw-asked", question.id(), "refused");

      assertThat(answer.join().explanation()).contains(explanation("refused"));
    }
  }

  @Test
  void saysWhichGatewayDidNotAnswer() throws Exception {
    try (FeedReader gateway = here.explainer("gw-silent")) {
      gateway.snapshot();

      assertThat(problemOf(ask(Optional.of("gw-silent"), Duration.ofMillis(50))))
          .isEqualTo(Problem.GATEWAY_SILENT);
    }
  }

  @Test
  void asksAnotherGatewayWhereTheFirstIsSilentAndNoneWasNamed() throws Exception {
    try (FeedReader silent = here.explainer("gw-hangs");
        FeedReader other = there.explainer("gw-other-one")) {
      silent.snapshot();
      other.snapshot();
      here.applied("gw-other-one", 1);
      here.applied("gw-hangs", 1); // Who was heard of last is asked first.

      CompletableFuture<ExplainAnswer> answer = ask(Optional.empty(), Duration.ofSeconds(6));

      ExplainQuestion _ = asked(silent);
      assertThat(answer(there, "gw-other-one", asked(other).id(), "refused")).isEqualTo(204);
      assertThat(answer.join().gateway()).isEqualTo("gw-other-one");
    }
  }

  @Test
  void asksNoGatewayThatDoesNotAnswerQuestions() throws Exception {
    try (FeedReader old = here.reader("gw-old");
        FeedReader able = here.explainer("gw-able")) {
      old.snapshot();
      able.snapshot();

      assertThat(problemOf(ask(Optional.of("gw-old"), LONG))).isEqualTo(Problem.GATEWAY_NOT_FOUND);
    }
  }

  @Test
  void hasABoundOfOpenQuestions() throws Exception {
    try (FeedReader gateway = here.explainer("gw-busy")) {
      gateway.snapshot();
      List<CompletableFuture<ExplainAnswer>> asked =
          IntStream.range(0, QuestionDesk.MOST_OPEN)
              .mapToObj(_ -> ask(Optional.of("gw-busy"), LONG))
              .toList();
      List<UUID> open = new ArrayList<>();
      for (int i = 0; i < asked.size(); i++) {
        open.add(asked(gateway).id());
      }

      assertThat(problemOf(ask(Optional.of("gw-busy"), LONG)))
          .isEqualTo(Problem.TOO_MANY_QUESTIONS);

      for (UUID id : open) {
        answer(here, "gw-busy", id, "refused");
      }
      asked.forEach(CompletableFuture::join);
    }
  }
}

package dev.gatehouse.deploy.api;

import dev.gatehouse.deploy.api.ApiClient.Answer;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Map;

/**
 * Looks how far something is until it ends. What it looks at goes on without it: where the user
 * ends the command, it says how to come back.
 */
final class Follower {
  private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

  /** How long the control plane may be away, as while it is restarted. */
  private static final Duration AWAY = Duration.ofMinutes(1);

  private final ApiClient client;
  private final PrintWriter err;
  private final ProgressDisplay display;

  Follower(ApiClient client, PrintWriter err, ProgressDisplay display) {
    this.client = client;
    this.err = err;
    this.display = display;
  }

  /**
   * Waits until it has ended.
   *
   * @param path what shows it
   * @param howToComeBack for who ends the command before
   * @return how it was at last, or a refusal
   * @throws IOException if the control plane is away for longer than a minute
   */
  Answer untilEnded(String path, String howToComeBack) throws IOException, InterruptedException {
    Thread farewell = new Thread(() -> leave(howToComeBack), "farewell");
    Runtime.getRuntime().addShutdownHook(farewell);
    try {
      return watch(path, howToComeBack);
    } finally {
      display.end();
      forget(farewell);
    }
  }

  private Answer watch(String path, String howToComeBack) throws IOException, InterruptedException {
    long pause = FIRST_PAUSE.toMillis();
    long heardAt = System.nanoTime();
    while (true) {
      try {
        Answer answer = client.send("GET", path, Map.of(), "");
        boolean passing = answer.status() >= 500 || answer.status() == 429;
        if (answer.succeeded()) {
          display.show(Progress.of(answer.body()));
          heardAt = System.nanoTime();
        } else if (!passing || System.nanoTime() - heardAt > AWAY.toNanos()) {
          return answer;
        }
        if (answer.succeeded() && Progress.hasEnded(answer.body())) {
          return answer;
        }
      } catch (IOException away) {
        if (System.nanoTime() - heardAt > AWAY.toNanos()) {
          throw new IOException(ApiClient.reasonOf(away) + "\n" + howToComeBack, away);
        }
      }
      Thread.sleep(pause);
      pause = Math.min(pause * 2, LONGEST_PAUSE.toMillis());
    }
  }

  private void leave(String howToComeBack) {
    display.close();
    err.println(howToComeBack);
    err.flush();
  }

  private static void forget(Thread farewell) {
    try {
      boolean _ = Runtime.getRuntime().removeShutdownHook(farewell);
    } catch (IllegalStateException _) {
      // The program ends already.
    }
  }
}

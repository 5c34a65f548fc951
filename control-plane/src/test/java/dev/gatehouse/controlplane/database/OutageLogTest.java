package dev.gatehouse.controlplane.database;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Isolated;
import org.slf4j.LoggerFactory;

/** Isolated: what other tests do to their databases is logged by the same logger. */
@Isolated
@Timeout(20)
class OutageLogTest {
  private final AtomicLong now = new AtomicLong();
  private final OutageLog outages = new OutageLog(now::get);
  private final Logger logger = (Logger) LoggerFactory.getLogger(OutageLog.class);
  private final ListAppender<ILoggingEvent> appender = new ListAppender<>();

  @BeforeEach
  void listen() {
    appender.list = new CopyOnWriteArrayList<>();
    appender.start();
    logger.addAppender(appender);
  }

  @AfterEach
  void stopListening() {
    logger.detachAppender(appender);
  }

  @Test
  void saysOneLineAtTheBeginAndOneAtTheEndOfAnOutage() {
    for (int i = 0; i < 100; i++) {
      outages.refused("gone");
      pass(Duration.ofMillis(100));
    }
    pass(Duration.ofSeconds(1));
    outages.answered();
    outages.answered();

    assertThat(lines())
        .containsExactly(
            "an outage of the database begins, what needs it is refused: gone",
            "the outage of the database is over, calls refused in 9 s: 100");
  }

  @Test
  void takesADatabaseThatComesAndGoesForOneOutage() {
    for (int i = 0; i < 10; i++) {
      outages.refused("gone");
      outages.answered();
      pass(Duration.ofMillis(500));
    }

    assertThat(lines()).hasSize(1);
  }

  @Test
  void countsEachOutageAnew() {
    outages.refused("gone");
    pass(Duration.ofSeconds(2));
    outages.answered();
    outages.refused("gone again");
    pass(Duration.ofSeconds(2));
    outages.answered();

    assertThat(lines()).hasSize(4).element(3).asString().contains("calls refused in 0 s: 1");
  }

  @Test
  void saysNothingWhileAllIsWell() {
    outages.answered();

    assertThat(lines()).isEmpty();
  }

  @Test
  void countsEveryRefusalOfManyThreads() {
    try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
      for (int i = 0; i < 8000; i++) {
        threads.execute(() -> outages.refused("gone"));
      }
    }
    pass(Duration.ofSeconds(2));
    outages.answered();

    assertThat(lines()).hasSize(2).last().asString().contains(": 8000");
  }

  private void pass(Duration time) {
    now.addAndGet(time.toNanos());
  }

  private List<String> lines() {
    return appender.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
  }
}

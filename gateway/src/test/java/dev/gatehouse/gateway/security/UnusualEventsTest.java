package dev.gatehouse.gateway.security;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.contract.security.SecurityEvent;
import dev.gatehouse.contract.security.SecurityEvent.Kind;
import dev.gatehouse.gateway.security.SecurityEvents.Window;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Events that are told one by one. */
@Timeout(10)
class UnusualEventsTest {
  private static final Instant NOW = Instant.EPOCH;
  private static final int ROOM = 5;

  private final SecurityEvents events =
      new SecurityEvents(
          new SecurityConfig(Duration.ofHours(1), ROOM, 3, 20, ProbingConfig.DEFAULT), false);

  private void alarm() {
    events.unusual(
        new SecurityEvent(
            Kind.EGRESS_ALARM, Optional.of(UUID.randomUUID()), "192.0.2.7", NOW, NOW, 1));
  }

  @Test
  void waitForTheNextReportWhereOneIsFull() {
    for (int i = 0; i < 3; i++) {
      alarm();
    }

    Window first = events.take(NOW, NOW, 2);
    Window second = events.take(NOW, NOW, 2);

    assertThat(first.events()).hasSize(2);
    assertThat(first.dropped()).isZero();
    assertThat(second.events()).hasSize(1);
    assertThat(events.take(NOW, NOW, 2).events()).isEmpty();
  }

  @Test
  void areCountedWhereThereIsNoRoomForThem() {
    for (int i = 0; i < ROOM + 2; i++) {
      alarm();
    }

    Window window = events.take(NOW, NOW, 100);

    assertThat(window.events()).hasSize(ROOM);
    assertThat(window.dropped()).isEqualTo(2);
  }
}

package dev.gatehouse.gateway.share;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.gateway.rejection.Rejection;
import java.util.Optional;

/**
 * Remembers what it was told, and insists that it is told once; but one with a slow client may be
 * refused after it was admitted, and gives its place back then.
 */
final class RecordingWaiter implements Waiter {
  private Client client;
  private boolean admitted;
  private Optional<Permit> permit = Optional.empty();
  private Optional<Rejection> rejection = Optional.empty();

  RecordingWaiter() {
    this(Client.PROMPT);
  }

  RecordingWaiter(Client client) {
    this.client = client;
  }

  @Override
  public void admitted(Permit granted) {
    assertThat(isOver()).as("told before").isFalse();
    admitted = true;
    permit = Optional.of(granted);
  }

  @Override
  public void refused(Rejection why) {
    assertThat(wasRefused()).as("refused before").isFalse();
    assertThat(admitted && client != Client.SLOW).as("admitted before").isFalse();
    rejection = Optional.of(why);
    permit.ifPresent(Permit::cancel);
  }

  @Override
  public boolean isClientBehind(long nowNanos) {
    return client != Client.PROMPT;
  }

  @Override
  public boolean awaitsSlowClient(long nowNanos) {
    return client == Client.SLOW;
  }

  void becomes(Client changed) {
    client = changed;
  }

  Permit permit() {
    return permit.orElseThrow();
  }

  boolean wasAdmitted() {
    return admitted;
  }

  boolean wasRefused() {
    return rejection.isPresent();
  }

  boolean isOver() {
    return admitted || rejection.isPresent();
  }

  String detail() {
    return rejection.map(Rejection::detail).orElse("");
  }

  /** Who sends the request. */
  enum Client {
    /** Has sent all of it. */
    PROMPT,
    /** Is behind, within the grace. */
    BEHIND,
    /** Is behind for longer. */
    SLOW
  }
}

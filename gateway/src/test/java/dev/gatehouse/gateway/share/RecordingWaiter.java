package dev.gatehouse.gateway.share;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.gateway.rejection.Rejection;
import java.util.Optional;

/** Remembers what it was told, and insists that it is told once. */
final class RecordingWaiter implements Waiter {
  private boolean admitted;
  private Optional<Rejection> rejection = Optional.empty();

  @Override
  public void admitted(Permit permit) {
    assertThat(isOver()).as("told before").isFalse();
    admitted = true;
  }

  @Override
  public void refused(Rejection why) {
    assertThat(isOver()).as("told before").isFalse();
    rejection = Optional.of(why);
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
}

package dev.gatehouse.gateway.login;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/** Counts logins, refreshes and logouts. */
final class LoginMeters {
  private final Counter loggedIn;
  private final Counter failed;
  private final Counter refreshed;
  private final Counter notRefreshed;
  private final Counter loggedOut;

  LoginMeters(MeterRegistry metrics) {
    this.loggedIn = counter(metrics, "gatehouse.logins", "succeeded", "Logins that were ended");
    this.failed = counter(metrics, "gatehouse.logins", "failed", "Logins that were ended");
    this.refreshed =
        counter(metrics, "gatehouse.session.refreshes", "succeeded", "Providers asked again");
    this.notRefreshed =
        counter(metrics, "gatehouse.session.refreshes", "failed", "Providers asked again");
    this.loggedOut =
        Counter.builder("gatehouse.logouts")
            .description("Sessions that users or providers ended")
            .register(metrics);
  }

  void loggedIn(boolean succeeded) {
    (succeeded ? loggedIn : failed).increment();
  }

  void refreshed(boolean succeeded) {
    (succeeded ? refreshed : notRefreshed).increment();
  }

  void loggedOut(int sessions) {
    loggedOut.increment(sessions);
  }

  private static Counter counter(
      MeterRegistry metrics, String name, String outcome, String description) {
    return Counter.builder(name).description(description).tag("outcome", outcome).register(metrics);
  }
}

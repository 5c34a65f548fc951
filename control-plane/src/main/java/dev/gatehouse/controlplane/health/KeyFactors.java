package dev.gatehouse.controlplane.health;

import dev.gatehouse.controlplane.health.Facts.KeyFault;
import java.time.Duration;
import java.util.Comparator;

/** What is judged by the keys of a tenant. Pure functions. */
final class KeyFactors {
  private static final String EXPECTED = "rotated in time, and valid";

  private KeyFactors() {}

  /** Their age. */
  static Finding keys(Facts facts) {
    return facts.keys().stream()
        .min(Comparator.comparingInt(KeyFactors::points).thenComparing(KeyFault::name))
        .map(worst -> found(worst, facts))
        .orElseGet(() ->
            Finding.fine(
                Factor.KEYS,
                "in order",
                EXPECTED,
                "Its keys were rotated in time, and no API key ends soon."));
  }

  private static int points(KeyFault fault) {
    return switch (fault.kind()) {
      case FULL -> 65;
      case OVERDUE -> 70;
      case API_KEY_EXPIRED -> 75;
      case API_KEY_EXPIRES -> 85;
      case API_KEY_OLD -> 95;
    };
  }

  private static Finding found(KeyFault worst, Facts facts) {
    String more = Wording.alsoOf(facts.keys().size() - 1);
    String day = Wording.date(worst.at());
    String name = worst.name();
    String age = Wording.amount(Duration.between(worst.at(), facts.at()).abs());
    return switch (worst.kind()) {
      case FULL ->
          finding(
              worst,
              "full",
              "The keyset %s has as many keys as it may since %s, and gets no new one.%s"
                  .formatted(name, day, more),
              "Destroy those of its keys that nothing is encrypted with any more.");
      case OVERDUE ->
          finding(
              worst,
              age + " old",
              "The newest key of the keyset %s is from %s, and should have been succeeded.%s"
                  .formatted(name, day, more),
              "Rotate the keyset, and see in the control plane's log why it was not.");
      case API_KEY_EXPIRED ->
          finding(
              worst,
              "expired " + age + " ago",
              "The API key %s expired on %s: whoever uses it is refused.%s"
                  .formatted(name, day, more),
              "Make a new key for whoever uses it, and revoke this one.");
      case API_KEY_EXPIRES ->
          finding(
              worst,
              "expires in " + age,
              "The API key %s expires on %s, and has no successor.%s".formatted(name, day, more),
              "Rotate the key: the old one goes on until the new one is in use.");
      case API_KEY_OLD ->
          finding(
              worst,
              age + " old",
              "The API key %s is from %s, and has no end.%s".formatted(name, day, more),
              "Rotate the key.");
    };
  }

  private static Finding finding(KeyFault worst, String measured, String reason, String advice) {
    return Finding.of(Factor.KEYS, points(worst), measured, EXPECTED, reason, advice);
  }

  /** Whether the tenant lets its own key be used. */
  static Finding customerKey(Facts facts) {
    String expected = "given";
    return facts
        .withheld()
        .map(withheld ->
            Finding.of(
                Factor.CUSTOMER_KEY,
                0,
                "withheld",
                expected,
                "The tenant withholds its own key since %s, and is not served.%s"
                    .formatted(Wording.day(withheld.since()), Wording.because(withheld.why())),
                "Ask the tenant whether that is meant; once its key service answers, the tenant is served again by itself."))
        .orElseGet(() ->
            Finding.fine(
                Factor.CUSTOMER_KEY, expected, expected, "Its own key is given, or it has none."));
  }
}

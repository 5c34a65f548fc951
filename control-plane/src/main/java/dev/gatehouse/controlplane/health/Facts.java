package dev.gatehouse.controlplane.health;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.UUID;

/**
 * What is known of a tenant at a time: all that its health is judged by.
 *
 * @param at when
 * @param traffic of the last ten minutes or, where there was little, of the last hour; none where
 *     there was too little then, too
 * @param usualMillis within which 95 of 100 requests were done at this time of the day; none where
 *     too little is known of that
 * @param requestsPerSecond its limit, if it has one
 * @param quotas its monthly quotas
 * @param certificates those with which something is wrong
 * @param domains those with which something is wrong
 * @param blueprints those of which it has another version than the current one
 * @param keys its keys with which something is wrong
 * @param withheld since when, and why, it withholds its own key
 */
record Facts(
    UUID tenant,
    Instant at,
    Optional<Traffic> traffic,
    OptionalDouble usualMillis,
    Optional<Long> requestsPerSecond,
    List<QuotaUse> quotas,
    List<CertificateFault> certificates,
    List<DomainFault> domains,
    List<BlueprintFault> blueprints,
    List<KeyFault> keys,
    Optional<Withheld> withheld) {

  /**
   * A monthly quota.
   *
   * @param what that it limits, in words
   */
  record QuotaUse(String what, long used, long most) {}

  /**
   * A certificate with which something is wrong.
   *
   * @param until how long there is a valid one; none where there is none
   * @param why an order failed, in words; empty where none did
   */
  record CertificateFault(
      CertificateFault.Kind kind, String host, Optional<Instant> until, String why) {
    /** What is wrong, the worst first. */
    enum Kind {
      EXPIRED,
      NOT_ISSUED,
      EXPIRES,
      NOT_RENEWED
    }
  }

  /** A domain with which something is wrong. */
  record DomainFault(
      DomainFault.Kind kind, String host, boolean primary, Instant since, String why) {
    /** What is wrong, the worst first. */
    enum Kind {
      LOST,
      FAILED,
      FAILING,
      PENDING
    }
  }

  /**
   * A blueprint that is not as it should be at the tenant's place.
   *
   * @param error of the last migration, if it failed
   */
  record BlueprintFault(String name, int has, int current, Optional<String> error) {}

  /**
   * A key with which something is wrong.
   *
   * @param name of the keyset, or the id of the API key
   * @param at since when, or when it ends
   */
  record KeyFault(KeyFault.Kind kind, String name, Instant at) {
    /** What is wrong, the worst first. */
    enum Kind {
      /** A keyset that has as many keys as it may. */
      FULL,
      /** A keyset whose newest key should have been succeeded. */
      OVERDUE,
      API_KEY_EXPIRED,
      API_KEY_EXPIRES,
      API_KEY_OLD
    }
  }

  /** Why nobody can open the tenant's keys. */
  record Withheld(Instant since, String why) {}
}

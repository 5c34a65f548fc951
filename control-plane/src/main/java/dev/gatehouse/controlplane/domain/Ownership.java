package dev.gatehouse.controlplane.domain;

import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Optional;

/**
 * Whether a domain is its tenant's, and how that is known.
 *
 * @param state what holds
 * @param reason what is wrong, and what is expected; empty if nothing is
 * @param provedBy how control was shown last; empty until it was
 * @param attempts how often it was asked in vain since it became pending
 * @param since since when it has been in this state
 * @param checkedAt when it was asked last
 * @param nextCheckAt when it is asked next; empty if it is not asked again by itself
 * @param failingSince of a verified one, since when the proof has been missing
 * @param pointed whether the host has led to the platform: if it has, it must go on to
 */
record Ownership(
    OwnershipState state,
    Optional<String> reason,
    Optional<Proof> provedBy,
    int attempts,
    Instant since,
    Optional<Instant> checkedAt,
    Optional<Instant> nextCheckAt,
    Optional<Instant> failingSince,
    boolean pointed) {

  /** Nothing was shown yet. */
  static Ownership claimed(Instant now, Instant firstCheckAt) {
    return new Ownership(
        OwnershipState.PENDING,
        Optional.of("Control has not been checked yet."),
        Optional.empty(),
        0,
        now,
        Optional.empty(),
        Optional.of(firstCheckAt),
        Optional.empty(),
        false);
  }

  /** An operator vouches for it, and nothing is ever asked. */
  static Ownership trusted(Instant now) {
    return new Ownership(
        OwnershipState.VERIFIED,
        Optional.empty(),
        Optional.of(Proof.NONE),
        0,
        now,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        false);
  }

  /** The same, asked about at this time. */
  Ownership checkedNext(Instant at) {
    return new Ownership(
        state,
        reason,
        provedBy,
        attempts,
        since,
        checkedAt,
        Optional.of(at),
        failingSince,
        pointed);
  }

  boolean isVerified() {
    return state == OwnershipState.VERIFIED;
  }

  /** Whether it holds without proof. */
  boolean isTrusted() {
    return provedBy.filter(proof -> proof == Proof.NONE).isPresent();
  }

  /** Whether it is asked about from time to time. */
  boolean isChecked() {
    return !isTrusted() && (state == OwnershipState.PENDING || state == OwnershipState.VERIFIED);
  }

  JsonObject toJson() {
    JsonObject json = new JsonObject().put("state", state.wireName());
    reason.ifPresent(text -> json.put("reason", text));
    provedBy.ifPresent(proof -> json.put("provedBy", proof.wireName()));
    json.put("since", since.toString());
    checkedAt.ifPresent(time -> json.put("checkedAt", time.toString()));
    nextCheckAt.ifPresent(time -> json.put("nextCheckAt", time.toString()));
    failingSince.ifPresent(time -> json.put("failingSince", time.toString()));
    return json;
  }
}

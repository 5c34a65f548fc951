package dev.gatehouse.gateway.authenticate.introspection;

import dev.gatehouse.contract.edge.EdgeIntrospection;
import dev.gatehouse.egress.EgressClient.Fetched;
import dev.gatehouse.gateway.authenticate.Credential;
import dev.gatehouse.gateway.authenticate.Evidence.Verdict;
import dev.gatehouse.gateway.authenticate.Principal;
import dev.gatehouse.gateway.authenticate.certificate.Confirmation;
import dev.gatehouse.gateway.authenticate.claims.ClaimRules;
import dev.gatehouse.gateway.authenticate.claims.MissingClaimException;
import dev.gatehouse.gateway.authenticate.jwt.TokenFault;
import dev.gatehouse.gateway.rejection.Rejection;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Optional;
import java.util.Set;

/**
 * What an authorization server says of a token (RFC 7662 section 2.2).
 *
 * @param members of its answer
 */
record IntrospectionAnswer(JsonObject members) {
  private static final long SECOND = 1000;

  /** Beyond it nothing is a time any more. */
  private static final long MOST_SECONDS = 253_402_300_799L;

  /**
   * Reads it.
   *
   * @throws IllegalArgumentException if it is none
   */
  static IntrospectionAnswer read(Fetched answer) {
    if (answer.status() == 401 || answer.status() == 403) {
      throw new IllegalArgumentException(
          "answered " + answer.status() + ": it does not accept the client's id and secret");
    }
    if (answer.status() != 200) {
      throw new IllegalArgumentException("answered " + answer.status() + ", expected 200");
    }
    try {
      JsonObject members = new JsonObject(answer.body());
      if (members.getValue("active") instanceof Boolean) {
        return new IntrospectionAnswer(members);
      }
    } catch (DecodeException _) {
      // As below.
    }
    throw new IllegalArgumentException("answered with no JSON object that has \"active\"");
  }

  /** From when on the token is good for nothing, in milliseconds since the epoch. */
  long overAtMillis() {
    return millis("exp").orElse(Long.MAX_VALUE);
  }

  Verdict verdict(TenantIntrospection server, long nowMillis) {
    EdgeIntrospection edge = server.edge();
    if (!members.getBoolean("active")) {
      return refused("inactive", "");
    }
    if (nowMillis >= overAtMillis()) {
      return refused("expired", "The token has expired.");
    }
    if (millis("nbf").filter(from -> from > nowMillis).isPresent()) {
      return refused("not-yet-valid", "The token is not valid yet.");
    }
    if (edge.issuer().filter(issuer -> !issuer.equals(members.getValue("iss"))).isPresent()
        || edge.audiences().filter(audiences -> !isFor(audiences)).isPresent()) {
      return refused("audience", "The token is for another audience.");
    }
    Optional<Confirmation> confirmation = Confirmation.of(members.getMap().get(Confirmation.CLAIM));
    if (confirmation.isEmpty()) {
      return refused(
          TokenFault.UNSUPPORTED_CONFIRMATION.wireName(),
          TokenFault.UNSUPPORTED_CONFIRMATION.told());
    }
    try {
      ClaimRules.Holder holder = server.rules().holderIn(members.getMap());
      return new Verdict.LetIn(
          new Principal(
              holder.subject(),
              holder.roles(),
              holder.scopes(),
              new Credential.Introspected(edge, confirmation.get())));
    } catch (MissingClaimException _) {
      return refused(
          "claims",
          "The token lacks a claim that this tenant requires, or has it with another value.");
    }
  }

  private boolean isFor(Set<String> audiences) {
    return switch (members.getValue("aud")) {
      case String one -> audiences.contains(one);
      case JsonArray several ->
          several.stream().anyMatch(one -> one instanceof String && audiences.contains(one));
      case null, default -> false;
    };
  }

  private Optional<Long> millis(String name) {
    return members.getValue(name) instanceof Number seconds
        ? Optional.of(Math.clamp(seconds.longValue(), 0, MOST_SECONDS) * SECOND)
        : Optional.empty();
  }

  private static Verdict refused(String fault, String told) {
    return new Verdict.Refused(Rejection.Unauthenticated.token(fault, told));
  }
}

package dev.gatehouse.controlplane.access;

import dev.gatehouse.contract.token.SecretToken;
import dev.gatehouse.controlplane.api.Authenticator;
import dev.gatehouse.controlplane.api.Caller;
import dev.gatehouse.controlplane.api.Problem;
import dev.gatehouse.controlplane.api.ProblemException;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Finds out who calls by a bearer token (RFC 6750) of one of the kinds that open a door. */
public final class BearerAuthenticator implements Authenticator {
  private static final String SCHEME = "bearer ";

  private final Map<SecretToken.Kind, Function<SecretToken, Optional<Caller>>> holders;
  private final String expected;

  /**
   * @param holders for each kind of token, who its holder is; empty if it opens nothing
   */
  public BearerAuthenticator(
      Map<SecretToken.Kind, Function<SecretToken, Optional<Caller>>> holders) {
    this.holders = new TreeMap<>(holders);
    this.expected =
        this.holders.keySet().stream()
            .map(kind -> kind.prefix() + "…")
            .collect(Collectors.joining(" or "));
  }

  /**
   * Finds out who calls.
   *
   * @throws ProblemException {@code UNAUTHENTICATED} with {@code WWW-Authenticate}
   */
  @Override
  public Caller authenticate(Optional<String> authorization) {
    if (authorization.isEmpty()) {
      throw unauthenticated("Authorization is missing, expected: Bearer " + expected, "");
    }
    return bearer(authorization.get())
        .flatMap(this::holderOf)
        .orElseThrow(() ->
            unauthenticated(
                "Authorization holds no valid token of the kind " + expected,
                ", error=\"invalid_token\""));
  }

  private Optional<Caller> holderOf(String text) {
    return holders.entrySet().stream()
        .flatMap(
            entry -> SecretToken.parse(entry.getKey(), text).flatMap(entry.getValue()).stream())
        .findFirst();
  }

  private static Optional<String> bearer(String authorization) {
    return authorization.toLowerCase(Locale.ROOT).startsWith(SCHEME)
        ? Optional.of(authorization.substring(SCHEME.length()).strip())
        : Optional.empty();
  }

  private static ProblemException unauthenticated(String detail, String error) {
    return new ProblemException(Problem.UNAUTHENTICATED, detail)
        .withHeader("WWW-Authenticate", "Bearer realm=\"gatehouse\"" + error);
  }
}

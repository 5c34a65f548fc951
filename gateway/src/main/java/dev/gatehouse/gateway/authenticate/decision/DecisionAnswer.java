package dev.gatehouse.gateway.authenticate.decision;

import dev.gatehouse.contract.edge.EdgeForwardAuth;
import dev.gatehouse.egress.EgressClient.Fetched;
import dev.gatehouse.gateway.authenticate.Credential;
import dev.gatehouse.gateway.authenticate.Evidence.Verdict;
import dev.gatehouse.gateway.authenticate.Principal;
import dev.gatehouse.gateway.rejection.Rejection;
import io.vertx.core.MultiMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What a decision service's answer means. */
final class DecisionAnswer {
  private static final String SUBJECT = "X-Auth-Subject";
  private static final String ROLES = "X-Auth-Roles";
  private static final String SCOPES = "X-Auth-Scopes";

  /** Of a caller whom the service lets in without saying who it is. */
  private static final String NAMELESS = "unknown";

  private static final int MAX_SUBJECT = 255;
  private static final int MAX_WORDS_LENGTH = 4000;
  private static final int MAX_LOCATION = 2000;
  private static final Pattern COMMA = Pattern.compile(",");
  private static final Pattern SPACE = Pattern.compile(" ");

  private DecisionAnswer() {}

  /**
   * Reads it.
   *
   * @throws IllegalArgumentException if it is none that a decision service may give
   */
  static Verdict read(EdgeForwardAuth service, Fetched answer) {
    int status = answer.status();
    MultiMap headers = answer.headers();
    if (status >= 200 && status < 300) {
      return new Verdict.LetIn(principalIn(service, headers));
    }
    if (status == 401 || status == 403) {
      return new Verdict.Refused(
          new Rejection.DecidedAgainst(
              status, Optional.ofNullable(headers.get("WWW-Authenticate"))));
    }
    String location = headers.get("Location");
    if ((status == 302 || status == 303 || status == 307) && location != null) {
      if (location.length() > MAX_LOCATION) {
        throw new IllegalArgumentException(
            "answered with a Location of more than " + MAX_LOCATION + " characters");
      }
      return new Verdict.Refused(Rejection.Redirected.toLogin(status, location));
    }
    throw new IllegalArgumentException(
        "answered " + status + ", expected 2xx, 302, 303, 307, 401 or 403");
  }

  private static Principal principalIn(EdgeForwardAuth service, MultiMap headers) {
    String subject =
        Optional.ofNullable(headers.get(service.subjectHeader().orElse(SUBJECT)))
            .map(String::strip)
            .orElse("");
    Set<String> roles = words(COMMA, headers.getAll(service.rolesHeader().orElse(ROLES)));
    Set<String> scopes = words(SPACE, headers.getAll(service.scopesHeader().orElse(SCOPES)));
    int length =
        roles.stream().mapToInt(String::length).sum()
            + scopes.stream().mapToInt(String::length).sum();
    if (subject.length() > MAX_SUBJECT || length > MAX_WORDS_LENGTH) {
      throw new IllegalArgumentException(
          "answered with a subject of more than "
              + MAX_SUBJECT
              + " characters, or roles and scopes of more than "
              + MAX_WORDS_LENGTH);
    }
    return new Principal(
        subject.isEmpty() ? NAMELESS : subject, roles, scopes, new Credential.Decided(service));
  }

  private static Set<String> words(Pattern between, List<String> values) {
    return values.stream()
        .flatMap(between::splitAsStream)
        .map(String::strip)
        .filter(word -> !word.isEmpty())
        .collect(Collectors.toUnmodifiableSet());
  }
}

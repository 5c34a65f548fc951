package dev.gatehouse.controlplane.api;

import io.vertx.ext.web.RoutingContext;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * From where a request came.
 *
 * @param address the client's address, as text ({@link ClientAddresses})
 * @param userAgent what it calls itself, at most {@value #LONGEST_AGENT} characters; empty if it
 *     says nothing
 * @param requestId the id that answer and log have
 * @param claimedToken public part of the token that it came with, valid or not
 */
public record RequestOrigin(
    String address, String userAgent, String requestId, Optional<String> claimedToken) {
  private static final int LONGEST_AGENT = 256;
  private static final Pattern TOKEN = Pattern.compile("gh[a-z]?_([0-9a-f]{16})_");

  /** That of a request. */
  public static RequestOrigin of(RoutingContext context) {
    String agent = Optional.ofNullable(context.request().getHeader("User-Agent")).orElse("");
    return new RequestOrigin(
        ClientAddresses.of(context),
        agent.substring(0, Math.min(agent.length(), LONGEST_AGENT)),
        RequestIds.of(context),
        Optional.ofNullable(context.request().getHeader("Authorization"))
            .flatMap(RequestOrigin::tokenIn));
  }

  /**
   * The same where the token was shown elsewhere.
   *
   * @param authorization as the header of that name would have it
   */
  public RequestOrigin claiming(String authorization) {
    return new RequestOrigin(address, userAgent, requestId, tokenIn(authorization));
  }

  private static Optional<String> tokenIn(String authorization) {
    Matcher token = TOKEN.matcher(authorization);
    return token.find() ? Optional.of(token.group(1)) : Optional.empty();
  }
}

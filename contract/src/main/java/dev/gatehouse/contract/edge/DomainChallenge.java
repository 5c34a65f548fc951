package dev.gatehouse.contract.edge;

import dev.gatehouse.contract.tenant.Hostname;
import java.util.regex.Pattern;

/**
 * What a gateway answers at {@code http://HOST/.well-known/gatehouse-challenge/TOKEN}, so that the
 * control plane sees that the host leads here.
 *
 * @param host the host that is asked
 * @param token the last segment of the path
 * @param answer the body of the answer
 */
public record DomainChallenge(Hostname host, String token, String answer) {
  /** The path before the token. */
  public static final String PATH = "/.well-known/gatehouse-challenge/";

  private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9_-]{16,128}");
  private static final Pattern ANSWER = Pattern.compile("[A-Za-z0-9_.-]{16,256}");

  /**
   * @throws IllegalArgumentException if token or answer are too short, too long, or hold more than
   *     letters, digits, hyphens, underscores and, in the answer, dots
   */
  public DomainChallenge {
    if (!TOKEN.matcher(token).matches() || !ANSWER.matcher(answer).matches()) {
      throw new IllegalArgumentException(
          "token and answer of a challenge must match " + TOKEN + " and " + ANSWER);
    }
  }
}

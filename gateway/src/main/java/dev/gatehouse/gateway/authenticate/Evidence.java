package dev.gatehouse.gateway.authenticate;

import dev.gatehouse.gateway.rejection.Rejection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What was found out for one request while it waited. Belongs to that request alone.
 *
 * @param findings at most one for each time that it waited
 * @param waits how often it has waited
 */
public record Evidence(List<Finding> findings, int waits) {
  /** Of a request that has not waited. */
  public static final Evidence NONE = new Evidence(List.of(), 0);

  /** A request waits for keys, a session, an answer; none waits more often, whatever changes. */
  private static final int MOST_WAITS = 3;

  /**
   * Something that was found out.
   *
   * @param asked what was asked, as it was then: no answer to something else
   * @param verdict what was said
   */
  public record Finding(Object asked, Verdict verdict) {
    /** Whether nobody is known by what the caller has shown. */
    public boolean isOfNobody() {
      return verdict instanceof Verdict.Nothing;
    }
  }

  /** What was said of a caller. */
  public sealed interface Verdict {
    /** Who it is. */
    record LetIn(Principal principal) implements Verdict {}

    /** Nobody is known by what was shown: it is over, or was made up. */
    record Nothing() implements Verdict {}

    /** Why it may not come in. */
    record Refused(Rejection rejection) implements Verdict {}
  }

  /** This, and what came of waiting once more. */
  public Evidence with(Optional<Finding> finding) {
    return new Evidence(Stream.concat(findings.stream(), finding.stream()).toList(), waits + 1);
  }

  /** Whether it may wait once more. */
  public boolean mayWait() {
    return waits < MOST_WAITS;
  }

  /**
   * What a verdict proves.
   *
   * @throws Rejection if the caller may not come in
   */
  public static Proof proofOf(Verdict verdict) {
    return switch (verdict) {
      case Verdict.LetIn(Principal principal) -> principal;
      case Verdict.Nothing _ -> Proof.NONE;
      case Verdict.Refused(Rejection rejection) -> throw rejection;
    };
  }

  /** What was said when this was asked; empty if it was not. */
  public Optional<Verdict> about(Object asked) {
    for (Finding finding : findings) {
      if (finding.asked().equals(asked)) {
        return Optional.of(finding.verdict());
      }
    }
    return Optional.empty();
  }
}

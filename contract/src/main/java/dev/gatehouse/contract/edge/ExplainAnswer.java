package dev.gatehouse.contract.edge;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * What a gateway posts to {@link #PATH} when it was asked an {@link ExplainQuestion}.
 *
 * @param gateway its name
 * @param id of the question
 * @param explanation the document that the admin port of the gateway has, too; empty if there is
 *     none
 * @param wrong why what was asked about is no request, in words for who asked
 * @param failure why the gateway cannot tell, in words for who asked
 */
public record ExplainAnswer(
    String gateway,
    UUID id,
    Optional<Map<String, Object>> explanation,
    Optional<String> wrong,
    Optional<String> failure) {
  /** Path on the control plane. */
  public static final String PATH = "/edge/v1/explained";

  /** The most bytes that an answer may have. */
  public static final int MAX_BYTES = 256 * 1024;

  /**
   * @throws IllegalArgumentException if it is not one of the three, or the explanation has no steps
   *     that say what they decided
   */
  public ExplainAnswer {
    ReportCodec.requireGateway(gateway);
    if (Stream.of(explanation, wrong, failure).filter(Optional::isPresent).count() != 1) {
      throw new IllegalArgumentException("an answer has one of explanation, wrong and failure");
    }
    explanation.ifPresent(ExplainAnswer::requireSteps);
  }

  private static void requireSteps(Map<String, Object> explanation) {
    if (!(explanation.get("verdict") instanceof String)
        || !(explanation.get("steps") instanceof List<?> steps)
        || !steps.stream().allMatch(ExplainAnswer::isStep)) {
      throw new IllegalArgumentException(
          "an explanation has a verdict, and steps with stage, passed, because and facts");
    }
  }

  private static boolean isStep(Object one) {
    return one instanceof Map<?, ?> step
        && step.get("stage") instanceof String
        && step.get("passed") instanceof Boolean
        && step.get("because") instanceof String
        && step.get("facts") instanceof Map<?, ?>;
  }

  /** The answer as JSON. */
  public byte[] encode() {
    return ReportCodec.encode(this);
  }

  /**
   * Reads one.
   *
   * @throws IllegalArgumentException if it is none; the message says why
   */
  public static ExplainAnswer decode(byte[] json) {
    return ReportCodec.decode(json, ExplainAnswer.class);
  }
}

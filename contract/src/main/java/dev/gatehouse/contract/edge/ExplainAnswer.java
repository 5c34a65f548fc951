package dev.gatehouse.contract.edge;

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
   * @throws IllegalArgumentException if it is not one of the three
   */
  public ExplainAnswer {
    ReportCodec.requireGateway(gateway);
    if (Stream.of(explanation, wrong, failure).filter(Optional::isPresent).count() != 1) {
      throw new IllegalArgumentException("an answer has one of explanation, wrong and failure");
    }
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

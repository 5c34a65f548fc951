package dev.gatehouse.contract.security;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/**
 * What has left in responses that is more than may, or than is usual.
 *
 * @param principal a fingerprint of the caller; all callers of the tenant together if absent
 * @param span in which time
 * @param bytes of bodies
 * @param records as responses tell, or their number
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record EgressTaken(Optional<String> principal, Span span, Figure bytes, Figure records) {
  private static final Pattern FINGERPRINT = Pattern.compile("[0-9a-f]{32}|others");

  /**
   * @throws IllegalArgumentException if the fingerprint is none
   */
  public EgressTaken {
    if (!principal.map(FINGERPRINT.asMatchPredicate()::test).orElse(true)) {
      throw new IllegalArgumentException("principal must match " + FINGERPRINT);
    }
  }

  /**
   * One measure.
   *
   * @param taken so much, from the span's begin until it was too much
   * @param usual so much in other spans, on average; absent where that is not known yet
   * @param most so much may leave in a span; absent where there is no limit
   */
  @JsonInclude(JsonInclude.Include.NON_ABSENT)
  public record Figure(long taken, OptionalLong usual, OptionalLong most) {
    /** As logs have it, such as {@code 936911 (usual 541717, at most 933200)}. */
    @Override
    public String toString() {
      String usually = usual.isPresent() ? "usual " + usual.getAsLong() : "usual not known yet";
      String atMost = most.isPresent() ? ", at most " + most.getAsLong() : "";
      return taken + " (" + usually + atMost + ")";
    }
  }

  /** A time for which a gateway counts what leaves. */
  public enum Span {
    /** The short one. */
    WINDOW,
    /** The long one, in which shows what is little in each window. */
    PERIOD;

    /** Its name in reports, in the audit trail and in metrics. */
    @JsonValue
    public String wireName() {
      return name().toLowerCase(Locale.ROOT);
    }

    @JsonCreator
    static Span of(String wireName) {
      return Arrays.stream(values())
          .filter(span -> span.wireName().equals(wireName))
          .findFirst()
          .orElseThrow(
              () -> new IllegalArgumentException("span is not known, found \"" + wireName + "\""));
    }
  }
}

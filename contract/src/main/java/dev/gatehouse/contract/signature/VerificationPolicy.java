package dev.gatehouse.contract.signature;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What a signature must be to be believed.
 *
 * @param label under which name it stands in the headers (default {@value
 *     SignatureProfile#DEFAULT_LABEL})
 * @param required what it covers at least
 * @param maxAge how long after it was made it is accepted (default 60 s)
 * @param clockSkew how far the clocks of both sides may differ (default 5 s)
 * @param tag the tag that it must have; any, or none, if empty (the default)
 */
public record VerificationPolicy(
    String label,
    List<Component> required,
    Duration maxAge,
    Duration clockSkew,
    Optional<String> tag) {

  public VerificationPolicy {
    required = List.copyOf(required);
    SignatureProfile.checkLabel(label);
    if (maxAge.isNegative() || maxAge.isZero() || clockSkew.isNegative()) {
      throw new IllegalArgumentException(
          "maxAge must be positive and clockSkew not negative, found %s and %s"
              .formatted(maxAge, clockSkew));
    }
  }

  /** The defaults, with these components required. */
  public static VerificationPolicy requiring(List<Component> required) {
    return new VerificationPolicy(
        SignatureProfile.DEFAULT_LABEL,
        required,
        Duration.ofSeconds(60),
        Duration.ofSeconds(5),
        Optional.empty());
  }
}

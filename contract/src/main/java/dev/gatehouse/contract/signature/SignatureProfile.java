package dev.gatehouse.contract.signature;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * How messages are signed.
 *
 * @param label under which name the signature stands in the headers (default {@value
 *     #DEFAULT_LABEL})
 * @param components what it covers, in this order
 * @param lifetime when it expires after it was made, in whole seconds; never if empty (the default)
 * @param tag for what it is made; none by default
 * @param namesAlgorithm whether it says its algorithm (default true)
 */
public record SignatureProfile(
    String label,
    List<Component> components,
    Optional<Duration> lifetime,
    Optional<String> tag,
    boolean namesAlgorithm) {
  /** The label of the gateway's own signatures. */
  public static final String DEFAULT_LABEL = "gatehouse";

  private static final Pattern LABEL = Pattern.compile("[a-z*][a-z0-9_.*-]{0,63}");

  public SignatureProfile {
    components = List.copyOf(components);
    checkLabel(label);
    if (lifetime.isPresent() && lifetime.get().toSeconds() < 1) {
      throw new IllegalArgumentException(
          "lifetime must be at least one second, found " + lifetime.get());
    }
  }

  /** The defaults, over these components. */
  public static SignatureProfile over(List<Component> components) {
    return new SignatureProfile(
        DEFAULT_LABEL, components, Optional.empty(), Optional.empty(), true);
  }

  static void checkLabel(String label) {
    if (!LABEL.matcher(label).matches()) {
      throw new IllegalArgumentException(
          "label must be up to 64 of a-z, 0-9, \"_\", \"-\", \".\" and \"*\", found " + label);
    }
  }
}

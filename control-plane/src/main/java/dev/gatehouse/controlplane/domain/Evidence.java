package dev.gatehouse.controlplane.domain;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What was seen of a domain from outside.
 *
 * @param dns what its TXT record says
 * @param http what the host itself says
 * @param pointing whether it leads to the platform
 */
record Evidence(Finding dns, Finding http, Finding pointing) {
  /** Nothing was looked for. */
  static final Evidence NONE =
      new Evidence(new Finding.Skipped(), new Finding.Skipped(), new Finding.Skipped());

  /** One thing that was looked for. */
  sealed interface Finding {
    /** It is as it must be. */
    record Right() implements Finding {}

    /**
     * It is not.
     *
     * @param reason what was found and what is expected, as a sentence
     */
    record Wrong(String reason) implements Finding {}

    /**
     * Nobody can tell at the moment.
     *
     * @param reason why not, as a sentence
     */
    record Unknown(String reason) implements Finding {}

    /** It was not looked for, for it cannot prove anything here. */
    record Skipped() implements Finding {}
  }

  /** How control is shown; empty if it is not. DNS is the stronger of the two. */
  Optional<Proof> proof() {
    if (dns instanceof Finding.Right) {
      return Optional.of(Proof.DNS);
    }
    return http instanceof Finding.Right ? Optional.of(Proof.HTTP) : Optional.empty();
  }

  /** Whether control is shown in a way that is at least as good as this one. */
  boolean shows(Proof proof) {
    return dns instanceof Finding.Right || (proof == Proof.HTTP && http instanceof Finding.Right);
  }

  /** Whether nobody can tell at the moment whether control would be shown in such a way. */
  boolean leavesOpen(Proof proof) {
    return !shows(proof)
        && (dns instanceof Finding.Unknown
            || (proof == Proof.HTTP && http instanceof Finding.Unknown));
  }

  /** All that is missing, each in a sentence. */
  String reason() {
    return reasonOf(List.of(dns, http));
  }

  /** What is missing of this way to show it. */
  String reason(Proof proof) {
    return proof == Proof.DNS ? reasonOf(List.of(dns)) : reason();
  }

  private static String reasonOf(List<Finding> findings) {
    return String.join(" ", findings.stream().flatMap(Evidence::words).toList());
  }

  private static Stream<String> words(Finding finding) {
    return switch (finding) {
      case Finding.Wrong(String reason) -> Stream.of(reason);
      case Finding.Unknown(String reason) -> Stream.of(reason);
      case Finding.Right(), Finding.Skipped() -> Stream.empty();
    };
  }
}

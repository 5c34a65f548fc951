package dev.gatehouse.contract.audit;

import dev.gatehouse.contract.audit.Verdict.Broken;
import dev.gatehouse.contract.audit.Verdict.Tampering;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;

/**
 * Checks an export against public keys that the caller has from elsewhere. Reads the file once, one
 * line at a time, and where something does not fit once more, to tell what was done to it.
 */
public final class ExportVerifier {
  private final Path file;
  private final List<AuditKey> pinned;
  private final Optional<UUID> expectedChain;

  /**
   * @param pinned at least one key of each algorithm
   * @param expectedChain whose export it must be; anybody's if empty
   */
  public ExportVerifier(Path file, List<AuditKey> pinned, Optional<UUID> expectedChain) {
    this.file = file;
    this.pinned = List.copyOf(pinned);
    this.expectedChain = expectedChain;
  }

  /**
   * Checks it.
   *
   * @throws IOException if the file cannot be read
   */
  public Verdict verify() throws IOException {
    try (Lines lines = Lines.of(file)) {
      try {
        return verify(lines);
      } catch (IllegalArgumentException e) {
        return new Broken(
            Tampering.MALFORMED,
            OptionalLong.empty(),
            "Line %d %s.".formatted(lines.number(), e.getMessage()));
      }
    }
  }

  private Verdict verify(Lines lines) throws IOException {
    Optional<byte[]> first = lines.next();
    if (first.isEmpty() || !(ExportLine.read(first.get()) instanceof ExportLine.Header header)) {
      return new Broken(
          Tampering.MALFORMED, OptionalLong.empty(), "The file does not begin like an export.");
    }
    Optional<Broken> refused = faultOf(header);
    if (refused.isPresent()) {
      return refused.get();
    }
    return new ChainCheck(header, new Suspects(file)).through(lines);
  }

  private Optional<Broken> faultOf(ExportLine.Header header) {
    if (expectedChain.isPresent() && !expectedChain.get().equals(header.chain())) {
      return broken(
          Tampering.FOREIGN,
          "This is the chain of %s, not of %s.".formatted(header.chain(), expectedChain.get()));
    }
    if (header.checkpoint().isEmpty()) {
      return broken(
          Tampering.UNSIGNED,
          "No checkpoint vouches for this export: make one (POST /v1/audit/checkpoints) and export"
              + " again.");
    }
    SignedCheckpoint checkpoint = header.checkpoint().get();
    return checkpoint
        .fault(pinned)
        .flatMap(fault ->
            broken(
                Tampering.FORGED_CHECKPOINT,
                "Checkpoint %d does not hold: %s."
                    .formatted(checkpoint.checkpoint().sequence(), fault)));
  }

  private static Optional<Broken> broken(Tampering kind, String explanation) {
    return Optional.of(new Broken(kind, OptionalLong.empty(), explanation));
  }
}

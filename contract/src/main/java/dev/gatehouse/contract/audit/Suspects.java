package dev.gatehouse.contract.audit;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;

/** Reads an export once more, to find out what became of an entry. */
record Suspects(Path file) {
  /** How far apart two entries that changed places are looked for: each step reads the file. */
  private static final int MAX_DISTANCE = 16;

  /** Whether an entry has this number. */
  boolean has(long sequence) throws IOException {
    return find(entry -> entry.sequence() == sequence, 1).isPresent();
  }

  /** Whether the very same entry stands there more than once. */
  boolean standsTwice(ExportLine.Entry suspect) throws IOException {
    return find(
            entry ->
                entry.sequence() == suspect.sequence()
                    && Arrays.equals(entry.hash(), suspect.hash())
                    && entry.content().equals(suspect.content()),
            2)
        .isPresent();
  }

  /** The entry that was written at a place, whatever number it has now. */
  Optional<ExportLine.Entry> thatFits(byte[] previous, UUID chain, long sequence)
      throws IOException {
    return find(entry -> entry.fits(previous, chain, sequence), 1);
  }

  /** Whether an entry was written not far behind the one at this place, which has this hash. */
  boolean follows(byte[] hash, UUID chain, long sequence, ExportLine.Entry suspect)
      throws IOException {
    byte[] previous = hash;
    for (long next = sequence + 1; next <= sequence + MAX_DISTANCE; next++) {
      if (suspect.fits(previous, chain, next)) {
        return true;
      }
      Optional<ExportLine.Entry> between = thatFits(previous, chain, next);
      if (between.isEmpty()) {
        return false;
      }
      previous = between.get().hash();
    }
    return false;
  }

  /** The n-th entry that is wanted. Lines that cannot be read are passed over. */
  private Optional<ExportLine.Entry> find(Predicate<ExportLine.Entry> wanted, int nth)
      throws IOException {
    int found = 0;
    try (Lines lines = Lines.of(file)) {
      for (Optional<byte[]> line = lines.next(); line.isPresent(); line = lines.next()) {
        Optional<ExportLine.Entry> entry = entryIn(line.get());
        if (entry.isPresent() && wanted.test(entry.get()) && ++found == nth) {
          return entry;
        }
      }
    }
    return Optional.empty();
  }

  private static Optional<ExportLine.Entry> entryIn(byte[] line) {
    try {
      return ExportLine.read(line) instanceof ExportLine.Entry entry
          ? Optional.of(entry)
          : Optional.empty();
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }
}

package dev.gatehouse.contract.audit;

import dev.gatehouse.contract.audit.Verdict.Broken;
import dev.gatehouse.contract.audit.Verdict.Sound;
import dev.gatehouse.contract.audit.Verdict.Tampering;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalLong;

/** Follows a chain from its header to its end, and says what does not fit first. One use. */
final class ChainCheck {
  private final ExportLine.Header header;
  private final SignedCheckpoint checkpoint;
  private final Suspects suspects;
  private long last;
  private byte[] lastHash;

  /**
   * @param header with a checkpoint that holds
   */
  ChainCheck(ExportLine.Header header, Suspects suspects) {
    this.header = header;
    this.checkpoint = header.checkpoint().orElseThrow();
    this.suspects = suspects;
    this.last = header.from() - 1;
    this.lastHash = header.previous();
  }

  Verdict through(Lines lines) throws IOException {
    Optional<Broken> contradiction = contradiction();
    if (contradiction.isPresent()) {
      return contradiction.get();
    }
    for (Optional<byte[]> line = lines.next(); line.isPresent(); line = lines.next()) {
      switch (ExportLine.read(line.get())) {
        case ExportLine.Entry entry -> {
          Optional<Broken> fault = take(entry);
          if (fault.isPresent()) {
            return fault.get();
          }
        }
        case ExportLine.End end -> {
          if (lines.next().isPresent()) {
            throw new IllegalArgumentException("stands behind the end of the export");
          }
          return ended(end.sequence());
        }
        case ExportLine.Header _ -> throw new IllegalArgumentException("begins another export");
      }
    }
    return cut("the file has no last line");
  }

  /** The next entry, or what is wrong with it. */
  private Optional<Broken> take(ExportLine.Entry entry) throws IOException {
    if (!entry.chain().equals(header.chain())) {
      return broken(
          Tampering.FOREIGN,
          entry.sequence(),
          "Entry %d is of the chain of %s.".formatted(entry.sequence(), entry.chain()));
    }
    if (entry.sequence() < last + 1) {
      return again(entry);
    }
    if (entry.sequence() > last + 1) {
      return missing(entry);
    }
    if (!entry.fits(lastHash, header.chain(), last + 1)) {
      return misfit(entry);
    }
    last = entry.sequence();
    lastHash = entry.hash();
    return contradiction();
  }

  /** A number that was there before. */
  private Optional<Broken> again(ExportLine.Entry entry) throws IOException {
    long number = entry.sequence();
    return suspects.standsTwice(entry)
        ? broken(Tampering.DUPLICATED, number, "Entry %d stands there twice.".formatted(number))
        : broken(
            Tampering.INSERTED,
            number,
            "A second entry with the number %d was put behind entry %d.".formatted(number, last));
  }

  /** A number further than the next one. */
  private Optional<Broken> missing(ExportLine.Entry entry) throws IOException {
    long number = last + 1;
    if (suspects.has(number)) {
      return broken(
          Tampering.REORDERED,
          number,
          "Entry %d stands in its place; it comes later.".formatted(entry.sequence()));
    }
    return entry.sequence() - 1 == number
        ? broken(Tampering.DELETED, number, "Entry %d is missing.".formatted(number))
        : broken(
            Tampering.DELETED,
            number,
            "Entries %d to %d are missing.".formatted(number, entry.sequence() - 1));
  }

  /** The right number, but not what was hashed. */
  private Optional<Broken> misfit(ExportLine.Entry entry) throws IOException {
    long number = last + 1;
    Optional<ExportLine.Entry> right = suspects.thatFits(lastHash, header.chain(), number);
    if (right.isEmpty()) {
      return broken(
          Tampering.EDITED,
          number,
          "Entry %d is not what was written: it, or what stood before it, was changed."
              .formatted(number));
    }
    boolean swapped =
        right.get().sequence() != number
            && suspects.follows(right.get().hash(), header.chain(), number, entry);
    return swapped
        ? broken(
            Tampering.REORDERED,
            number,
            "Entry %d was given the place of another; what was written there is now entry %d."
                .formatted(number, right.get().sequence()))
        : broken(
            Tampering.INSERTED,
            number,
            "Entry %d was put there; what was written at this place comes later."
                .formatted(number));
  }

  /** The checkpoint speaks of the last entry that was read, and says something else. */
  private Optional<Broken> contradiction() {
    return last == checkpoint.head().length() && checkpoint.contradicts(lastHash)
        ? broken(
            Tampering.REWRITTEN,
            last,
            "Entry %d has another hash than checkpoint %d states: the chain up to it was written anew."
                .formatted(last, checkpoint.checkpoint().sequence()))
        : Optional.empty();
  }

  private Verdict ended(long saidEnd) {
    if (last < saidEnd) {
      return cut("its last line says that it ends with entry " + saidEnd);
    }
    long signed = checkpoint.head().length();
    if (last < signed) {
      return cut(
          "checkpoint %d states %d entries".formatted(checkpoint.checkpoint().sequence(), signed));
    }
    if (signed < header.from() - 1) {
      return new Broken(
          Tampering.UNSIGNED,
          OptionalLong.empty(),
          "The checkpoint covers entries up to %d only, none of these.".formatted(signed));
    }
    return new Sound(header.chain(), header.from(), last, signed, checkpoint.checkpoint().time());
  }

  private Broken cut(String why) {
    return new Broken(
        Tampering.TAIL_CUT,
        OptionalLong.of(last + 1),
        "Entries from %d on are missing: %s.".formatted(last + 1, why));
  }

  private static Optional<Broken> broken(Tampering kind, long sequence, String explanation) {
    return Optional.of(new Broken(kind, OptionalLong.of(sequence), explanation));
  }
}

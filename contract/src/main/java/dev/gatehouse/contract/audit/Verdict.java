package dev.gatehouse.contract.audit;

import java.time.Instant;
import java.util.OptionalLong;
import java.util.UUID;

/** What a verification has found. */
public sealed interface Verdict {

  /**
   * Everything fits.
   *
   * @param from sequence number of the first entry
   * @param through sequence number of the last entry; one less than {@code from} if there is none
   * @param signedThrough up to which entry the checkpoint vouches for
   * @param signedAt when the checkpoint was made
   */
  record Sound(UUID chain, long from, long through, long signedThrough, Instant signedAt)
      implements Verdict {}

  /**
   * Something does not fit.
   *
   * @param sequence number of the first entry that does not; empty if it is about no single entry
   * @param explanation one sentence
   */
  record Broken(Tampering kind, OptionalLong sequence, String explanation) implements Verdict {}

  /** What may have been done to a trail. */
  enum Tampering {
    /** An entry is not what was hashed. */
    EDITED,
    /** Entries are missing between others. */
    DELETED,
    /** Entries stand in another order. */
    REORDERED,
    /** An entry stands there twice. */
    DUPLICATED,
    /** An entry was put between others. */
    INSERTED,
    /** The newest entries are missing. */
    TAIL_CUT,
    /** An entry, or all of it, is of another chain. */
    FOREIGN,
    /** The checkpoint was not made by the holder of the pinned keys, or not for this chain. */
    FORGED_CHECKPOINT,
    /** The chain fits in itself, but it is not the one that the checkpoint was made for. */
    REWRITTEN,
    /** No checkpoint vouches for it. */
    UNSIGNED,
    /** It is no export, or not a whole one. */
    MALFORMED
  }
}

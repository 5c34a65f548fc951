package dev.gatehouse.controlplane.database;

import java.util.List;

/**
 * How far a database's schema is, beside what this program knows.
 *
 * @param version of the newest change that was made; empty if none was
 * @param pending versions of changes that are to be made at the next start
 * @param failed versions of changes that failed half-way
 * @param unknown versions of changes that a newer program has made
 * @param altered versions of changes that are not what this program has under the same number
 */
public record SchemaState(
    String version,
    List<String> pending,
    List<String> failed,
    List<String> unknown,
    List<String> altered) {
  /** Keeps the lists as they are. */
  public SchemaState {
    pending = List.copyOf(pending);
    failed = List.copyOf(failed);
    unknown = List.copyOf(unknown);
    altered = List.copyOf(altered);
  }
}

package dev.gatehouse.sample;

import dev.gatehouse.contract.context.SignedContext;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * The tenants' notes, in memory. Bounded: the newest {@value #NOTES_PER_TENANT} notes of each of
 * the {@value #TENANTS} tenants that wrote or read last, of at most {@value #TEXT_LENGTH}
 * characters. There is no way to ask for notes without naming the tenant. Any thread.
 */
final class Notes implements NoteStore {
  static final int TENANTS = 1000;
  static final int NOTES_PER_TENANT = 100;
  static final int TEXT_LENGTH = 2000;

  private final Map<UUID, Deque<Note>> byTenant = new LinkedHashMap<>(16, 0.75f, true);

  /**
   * One note.
   *
   * @param author subject of the caller who wrote it
   */
  record Note(UUID id, String text, String author, Instant at) {}

  @Override
  public Note add(SignedContext request, String text) {
    return add(request.context().tenantId(), text, request.context().subject());
  }

  @Override
  public List<Note> of(SignedContext request) {
    return of(request.context().tenantId());
  }

  @Override
  public void close() {
    // They are forgotten with the process.
  }

  synchronized Note add(UUID tenant, String text, String author) {
    Deque<Note> own = byTenant.computeIfAbsent(tenant, _ -> new ArrayDeque<>());
    if (own.size() == NOTES_PER_TENANT) {
      own.removeFirst();
    }
    Note note = new Note(UUID.randomUUID(), text, author, Instant.now());
    own.addLast(note);
    if (byTenant.size() > TENANTS) {
      byTenant.remove(byTenant.keySet().iterator().next());
    }
    return note;
  }

  /** The tenant's own notes, oldest first. */
  synchronized List<Note> of(UUID tenant) {
    Deque<Note> own = byTenant.get(tenant);
    return own == null ? List.of() : List.copyOf(own);
  }
}

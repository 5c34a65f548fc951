package dev.gatehouse.sample;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class NotesTest {
  private final Notes notes = new Notes();
  private final UUID tenant = UUID.randomUUID();

  @Test
  void keepsTheNewestNotesOfATenant() {
    for (int i = 0; i <= Notes.NOTES_PER_TENANT; i++) {
      notes.add(tenant, "note " + i, "ada");
    }

    assertThat(notes.of(tenant)).hasSize(Notes.NOTES_PER_TENANT);
    assertThat(notes.of(tenant).getFirst().text()).isEqualTo("note 1");
  }

  @Test
  void forgetsTheTenantThatWasAwayLongest() {
    UUID away = UUID.randomUUID();
    notes.add(away, "first", "bob");
    notes.add(tenant, "second", "ada");
    for (int i = 0; i < Notes.TENANTS - 1; i++) {
      notes.add(UUID.randomUUID(), "filler", "eve");
    }

    assertThat(notes.of(away)).isEmpty();
    assertThat(notes.of(tenant)).hasSize(1);
  }
}

package dev.gatehouse.gateway.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class HashKeyTest {
  @Test
  void equalValuesOfTwoTenantsAreTwoKeys() {
    assertThat(HashKey.of("tenant-a", "alice")).isNotEqualTo(HashKey.of("tenant-b", "alice"));
    assertThat(HashKey.of("tenant-a", "alice")).isEqualTo(HashKey.of("tenant-a", "alice"));
  }

  @Test
  void whereTheTenantEndsAndTheValueBeginsIsPartOfTheKey() {
    assertThat(HashKey.of("tenant-a", "1alice")).isNotEqualTo(HashKey.of("tenant-a1", "alice"));
  }

  @Test
  void aThousandCallersFallIntoNearlyAsManySlots() {
    Set<Long> slots = new HashSet<>();
    for (int i = 0; i < 1000; i++) {
      slots.add(HashKey.of("tenant-a", "caller-" + i) & (HashTable.SLOTS - 1));
    }

    assertThat(slots).hasSizeGreaterThan(900);
  }
}

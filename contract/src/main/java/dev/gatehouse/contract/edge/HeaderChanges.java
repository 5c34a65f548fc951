package dev.gatehouse.contract.edge;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Changes to headers: first what is removed, then what is set, then what is added.
 *
 * @param remove names
 * @param set names and values, in place of all values that are there
 * @param add names and values, beside those that are there
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record HeaderChanges(
    Optional<List<String>> remove,
    Optional<Map<String, String>> set,
    Optional<Map<String, String>> add) {
  public HeaderChanges {
    remove = remove.map(List::copyOf);
    set = set.map(Map::copyOf);
    add = add.map(Map::copyOf);
  }
}

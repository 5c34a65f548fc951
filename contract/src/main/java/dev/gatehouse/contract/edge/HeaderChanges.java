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
  /**
   * @throws IllegalArgumentException if a name is not one of a header, or a value holds a control
   *     character
   */
  public HeaderChanges {
    remove = remove.map(List::copyOf);
    set = set.map(Map::copyOf);
    add = add.map(Map::copyOf);
    remove.ifPresent(names -> names.forEach(HeaderChanges::checkName));
    set.ifPresent(headers -> headers.forEach(HeaderChanges::checkField));
    add.ifPresent(headers -> headers.forEach(HeaderChanges::checkField));
  }

  private static void checkField(String name, String value) {
    checkName(name);
    HttpText.checkHeaderValue("value of header " + name, value);
  }

  private static void checkName(String name) {
    HttpText.checkHeaderName("header", name);
  }
}

package dev.gatehouse.gateway.route;

import dev.gatehouse.contract.edge.HeaderChanges;
import dev.gatehouse.gateway.admit.ForwardableHeaders;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Changes to headers, ready to be made: removed, then set, then added. Whatever a route says, what
 * the gateway itself says, what frames a message and what belongs to one connection stays as it is:
 * see {@link ForwardableHeaders#mayBeChanged}. Immutable.
 */
public record HeaderEdits(List<CharSequence> remove, List<Field> set, List<Field> add) {
  /** No changes. */
  public static final HeaderEdits NONE = new HeaderEdits(List.of(), List.of(), List.of());

  public HeaderEdits {
    remove = List.copyOf(remove);
    set = List.copyOf(set);
    add = List.copyOf(add);
  }

  static HeaderEdits of(Optional<HeaderChanges> changes) {
    return changes.map(HeaderEdits::of).orElse(NONE);
  }

  private static HeaderEdits of(HeaderChanges changes) {
    return new HeaderEdits(
        changes.remove().stream()
            .flatMap(List::stream)
            .filter(ForwardableHeaders::mayBeChanged)
            .map(HttpHeaders::createOptimized)
            .toList(),
        changes.set().stream().flatMap(HeaderEdits::fields).toList(),
        changes.add().stream().flatMap(HeaderEdits::fields).toList());
  }

  private static Stream<Field> fields(Map<String, String> headers) {
    return headers.entrySet().stream()
        .filter(entry -> ForwardableHeaders.mayBeChanged(entry.getKey()))
        .sorted(Map.Entry.comparingByKey())
        .map(entry -> Field.of(entry.getKey(), entry.getValue()));
  }

  /** These changes, and one header more that is set. */
  HeaderEdits withSet(String name, String value) {
    return ForwardableHeaders.mayBeChanged(name)
        ? new HeaderEdits(remove, and(set, Field.of(name, value)), add)
        : this;
  }

  /** These changes, and one header more that is added. */
  HeaderEdits withAdded(String name, String value) {
    return new HeaderEdits(remove, set, and(add, Field.of(name, value)));
  }

  /** Makes the changes. */
  public void apply(MultiMap headers) {
    for (int i = 0; i < remove.size(); i++) {
      headers.remove(remove.get(i));
    }
    for (int i = 0; i < set.size(); i++) {
      headers.set(set.get(i).name, set.get(i).value);
    }
    for (int i = 0; i < add.size(); i++) {
      headers.add(add.get(i).name, add.get(i).value);
    }
  }

  private static List<Field> and(List<Field> fields, Field one) {
    List<Field> more = new ArrayList<>(fields);
    more.add(one);
    return more;
  }

  /** One header. */
  public record Field(CharSequence name, CharSequence value) {
    static Field of(String name, String value) {
      return new Field(HttpHeaders.createOptimized(name), HttpHeaders.createOptimized(value));
    }
  }
}

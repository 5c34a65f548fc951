package dev.gatehouse.controlplane.console;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a page shows.
 *
 * @param template by which it is made
 * @param title for the browser and for those who listen
 * @param section which entry of the navigation it belongs to
 * @param model what the template is given
 */
record View(String template, String title, String section, Map<String, Object> model) {

  static View of(String template, String title, String section) {
    return new View(template, title, section, Map.of());
  }

  View with(String name, @Nullable Object value) {
    Map<String, Object> more = new HashMap<>(model);
    if (value instanceof Optional<?> optional) {
      optional.ifPresent(found -> more.put(name, found));
    } else if (value != null) {
      more.put(name, value);
    }
    return new View(template, title, section, more);
  }

  /** Where it is found out what a page shows. */
  @FunctionalInterface
  interface Maker {
    /**
     * Finds it out.
     *
     * @throws dev.gatehouse.controlplane.api.ProblemException if it is refused
     */
    View make(Visit visit);
  }
}

package dev.gatehouse.controlplane.api;

import io.vertx.core.json.JsonArray;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Sets of {@link Permission}s in documents and in the database. */
public final class Permissions {
  private Permissions() {}

  /**
   * Reads them.
   *
   * @param pointer where in the body they stand
   * @throws ProblemException {@code INVALID_BODY} with the place of each that does not exist
   */
  public static Set<Permission> read(JsonArray names, String pointer) {
    EnumSet<Permission> found = EnumSet.noneOf(Permission.class);
    List<Fault> faults = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      String name = names.getString(i);
      String place = pointer + "/" + i;
      Permission.of(name)
          .ifPresentOrElse(
              found::add,
              () -> faults.add(Fault.at(place, "is no permission, found \"" + name + "\"")));
    }
    if (!faults.isEmpty()) {
      throw new ProblemException(Problem.INVALID_BODY, faults);
    }
    return Set.copyOf(found);
  }

  /** Those that the server still knows among what was stored. */
  public static Set<Permission> stored(String[] names) {
    EnumSet<Permission> found = EnumSet.noneOf(Permission.class);
    for (String name : names) {
      Permission.of(name).ifPresent(found::add);
    }
    return Set.copyOf(found);
  }

  /** Their names, sorted. */
  public static String[] names(Collection<Permission> permissions) {
    return permissions.stream()
        .map(Permission::wireName)
        .sorted(Comparator.naturalOrder())
        .toArray(String[]::new);
  }

  /** Their names, sorted, for a document. */
  public static JsonArray toJson(Collection<Permission> permissions) {
    return new JsonArray(List.of(names(permissions)));
  }
}

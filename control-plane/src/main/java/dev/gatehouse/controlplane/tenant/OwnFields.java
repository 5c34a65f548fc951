package dev.gatehouse.controlplane.tenant;

import dev.gatehouse.controlplane.api.Fault;
import dev.gatehouse.controlplane.api.Permission;
import dev.gatehouse.controlplane.api.Problem;
import dev.gatehouse.controlplane.api.ProblemException;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/** What a tenant decides of itself. The rest of its document is the platform's. */
final class OwnFields {
  private static final Set<String> POINTERS =
      Set.of("/name", "/settings", "/customizations", "/config/auth", "/config/security");

  private OwnFields() {}

  /**
   * Refuses a change of anything else.
   *
   * @throws ProblemException {@code FORBIDDEN} with the place of each change that is not the
   *     tenant's to make
   */
  static void requireOnly(JsonObject before, JsonObject after) {
    List<Fault> faults = new ArrayList<>();
    compare("", before, after, faults);
    if (!faults.isEmpty()) {
      throw new ProblemException(Problem.FORBIDDEN, faults);
    }
  }

  private static void compare(
      String pointer, JsonObject before, JsonObject after, List<Fault> faults) {
    Set<String> names = new TreeSet<>(before.fieldNames());
    names.addAll(after.fieldNames());
    for (String name : names) {
      String place = pointer + "/" + name;
      boolean changed = !Objects.equals(before.getValue(name), after.getValue(name));
      if (changed && POINTERS.stream().anyMatch(own -> own.startsWith(place + "/"))) {
        compare(place, part(before, name), part(after, name), faults);
      } else if (changed && !POINTERS.contains(place)) {
        String needed = Permission.TENANTS_WRITE.wireName();
        faults.add(Fault.at(place, "is the platform's to change: " + needed + " is needed"));
      }
    }
  }

  private static JsonObject part(JsonObject of, String name) {
    return of.getJsonObject(name, new JsonObject());
  }
}

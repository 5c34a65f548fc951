package dev.gatehouse.controlplane.isolation;

import dev.gatehouse.controlplane.api.Problem;
import dev.gatehouse.controlplane.api.ProblemException;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.SqlConnection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The rules of blueprints and their versions, and what is known of the versions of places. */
public final class BlueprintService {
  /** How many there may be. */
  static final int MOST = 100;

  private final BlueprintStore store = new BlueprintStore();

  Blueprint create(SqlConnection tx, JsonObject body) {
    if (store.count(tx) >= MOST) {
      throw new ProblemException(Problem.TOO_MANY_BLUEPRINTS, "there may be " + MOST);
    }
    return store.insert(
        tx, body.getString("name"), Optional.ofNullable(body.getString("description")));
  }

  Blueprint find(SqlConnection connection, String name) {
    return store.find(connection, name).orElseThrow(() -> notFound(name));
  }

  Blueprint lock(SqlConnection tx, String name) {
    return store.lock(tx, name).orElseThrow(() -> notFound(name));
  }

  List<Blueprint> list(SqlConnection connection, Optional<String> after, int count) {
    return store.list(connection, after.orElse(""), count);
  }

  /**
   * Forgets one that is locked; what was applied stays where it is.
   *
   * @throws ProblemException {@code ROLLOUT_OPEN}
   */
  void delete(SqlConnection tx, Blueprint blueprint) {
    requireNoneOpen(tx, blueprint);
    store.delete(tx, blueprint.name());
  }

  /**
   * Says what a version is.
   *
   * @throws ProblemException {@code VERSION_FROZEN}, or {@code VERSION_GAP}
   */
  BlueprintVersion putVersion(
      SqlConnection tx, Blueprint blueprint, int number, JsonObject document) {
    if (number > blueprint.newest() + 1) {
      throw new ProblemException(
          Problem.VERSION_GAP, "the next version is " + (blueprint.newest() + 1));
    }
    if (versions(tx, blueprint.name()).getOrDefault(number, none(number)).frozen()) {
      throw new ProblemException(
          Problem.VERSION_FROZEN, "it has been rolled out: put another one after it");
    }
    store.putVersion(tx, blueprint.name(), number, document);
    return new BlueprintVersion(number, document, false);
  }

  private static BlueprintVersion none(int number) {
    return new BlueprintVersion(number, new JsonObject(), false);
  }

  BlueprintVersion version(SqlConnection connection, Blueprint blueprint, int number) {
    return Optional.ofNullable(versions(connection, blueprint.name()).get(number))
        .orElseThrow(() -> noVersion(blueprint, number));
  }

  /** All of a blueprint, by their numbers. */
  Map<Integer, BlueprintVersion> versions(SqlConnection connection, String name) {
    return store.versions(connection, name).stream()
        .collect(Collectors.toMap(BlueprintVersion::number, Function.identity()));
  }

  List<JsonObject> states(
      SqlConnection connection,
      Blueprint blueprint,
      Optional<String> after,
      int count,
      Optional<String> which) {
    return store.states(
        connection, blueprint.name(), after.orElse(""), count, which, blueprint.current());
  }

  /**
   * Refuses what cannot be done while one is under way.
   *
   * @throws ProblemException {@code ROLLOUT_OPEN}
   */
  void requireNoneOpen(SqlConnection tx, Blueprint blueprint) {
    if (store.hasOpenRollout(tx, blueprint.name())) {
      throw new ProblemException(
          Problem.ROLLOUT_OPEN, "another rollout of it is under way: wait for it, or cancel it");
    }
  }

  /** The versions that a place has, by blueprint. */
  Map<String, Integer> versionsAt(SqlConnection connection, Place place) {
    return store.versionsAt(connection, place);
  }

  /** Versions that are rolled out somewhere cannot change any more. */
  void freeze(SqlConnection tx, Blueprint blueprint, int through) {
    store.freeze(tx, blueprint.name(), through);
  }

  /** New places get this version from now on. */
  void setCurrent(SqlConnection tx, String blueprint, int number) {
    store.setCurrent(tx, blueprint, number);
  }

  /** A place has this version. */
  void noteVersion(SqlConnection tx, String blueprint, Place place, int number) {
    store.setState(tx, blueprint, place, number);
  }

  /** A place could not be given another version. */
  void noteError(SqlConnection tx, String blueprint, Place place, String error) {
    store.setError(tx, blueprint, place, error);
  }

  /** Forgets what is known of a deleted tenant's place. */
  void forget(SqlConnection tx, UUID tenant) {
    store.forget(tx, tenant);
  }

  private static ProblemException notFound(String name) {
    return new ProblemException(
        Problem.BLUEPRINT_NOT_FOUND, "no blueprint has the name \"" + name + "\"");
  }

  static ProblemException noVersion(Blueprint blueprint, int number) {
    return new ProblemException(
        Problem.BLUEPRINT_VERSION_NOT_FOUND,
        blueprint.name() + " has no version " + number + ", the newest is " + blueprint.newest());
  }
}

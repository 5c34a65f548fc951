package dev.gatehouse.controlplane.isolation;

import dev.gatehouse.contract.database.IsolationStrategy;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A PostgreSQL database that can hold tenants; those with databases of their own have them on the
 * same server.
 *
 * @param document all but the name and the passwords; valid by the API's document
 * @param preparedAt when all was there that tenants need; empty before
 * @param serverVersion of PostgreSQL, as the server says it
 * @param tenants how many it holds, those among them whose places are being made
 * @param placed of those, how many have their places
 * @param version counts the changes
 */
record Partition(
    String name,
    JsonObject document,
    Optional<Instant> preparedAt,
    Optional<String> serverVersion,
    long tenants,
    long placed,
    long version,
    Instant createdAt,
    Instant updatedAt) {
  private static final int CAPACITY = 10_000;
  private static final int CONNECTIONS = 20;

  /** How many tenants it may hold. */
  int capacity() {
    return document.getInteger("capacity", CAPACITY);
  }

  /** Of its capacity, how much is taken; 1 is all. */
  double load() {
    return (double) tenants / capacity();
  }

  /** Whether it may be given tenants. */
  boolean isOpen() {
    return preparedAt.isPresent() && document.getBoolean("open", true);
  }

  /** Where it stands, if that is said. */
  Optional<String> region() {
    return Optional.ofNullable(document.getString("region"));
  }

  /** What policies know it by. */
  Set<String> tags() {
    return texts("tags");
  }

  /** In which ways it may hold tenants. */
  boolean holds(IsolationStrategy strategy) {
    Set<String> said = texts("strategies");
    return said.isEmpty() || said.contains(strategy.wireName());
  }

  /** How many connections a role of one tenant may have. */
  int connectionLimit() {
    return document.getInteger("connectionLimit", CONNECTIONS);
  }

  /** Where else the same can be read. */
  JsonArray replicas() {
    return document.getJsonArray("replicas", new JsonArray());
  }

  /** The names of what is made in it. */
  PartitionNames names() {
    return new PartitionNames(name);
  }

  /** How to connect to it. */
  PartitionAddress address(String user, String password) {
    return new PartitionAddress(
        document.getString("host"),
        document.getInteger("port", PartitionAddress.DEFAULT_PORT),
        document.getString("database"),
        document.getString("tls", PartitionAddress.DEFAULT_TLS),
        trust(),
        user,
        password);
  }

  /** PEM of the authorities whose certificates its servers may have; the runtime's if empty. */
  Optional<String> trust() {
    return Optional.ofNullable(document.getString("trust"));
  }

  /** Who sets it up. */
  String adminUser() {
    return document.getString("user");
  }

  /** What a merge patch is applied to. */
  JsonObject changeable() {
    return document.copy();
  }

  /**
   * What callers see.
   *
   * @param problem what keeps it from being ready
   */
  JsonObject toJson(Optional<String> problem) {
    JsonObject json =
        new JsonObject()
            .put("name", name)
            .mergeIn(document)
            .put("state", preparedAt.isPresent() ? "ready" : "preparing")
            .put("tenants", tenants)
            .put("placed", placed)
            .put("createdAt", createdAt.toString())
            .put("updatedAt", updatedAt.toString());
    problem.ifPresent(text -> json.put("problem", text));
    serverVersion.ifPresent(text -> json.put("serverVersion", text));
    preparedAt.ifPresent(time -> json.put("preparedAt", time.toString()));
    return json;
  }

  private Set<String> texts(String member) {
    List<?> all = document.getJsonArray(member, new JsonArray()).getList();
    return all.stream().map(String::valueOf).collect(Collectors.toUnmodifiableSet());
  }
}

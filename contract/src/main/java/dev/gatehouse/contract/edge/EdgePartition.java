package dev.gatehouse.contract.edge;

import java.util.Map;

/**
 * A PostgreSQL database in which tenants share tables.
 *
 * @param name of the partition
 * @param blueprints the versions of applications' tables that they share, by blueprint
 */
public record EdgePartition(String name, Map<String, Integer> blueprints) implements EdgeObject {
  public EdgePartition {
    blueprints = Map.copyOf(blueprints);
  }

  @Override
  public Kind kind() {
    return Kind.PARTITION;
  }

  @Override
  public String key() {
    return name;
  }
}

package dev.gatehouse.contract.edge;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.gatehouse.contract.database.IsolationStrategy;
import java.util.Map;
import java.util.Optional;

/**
 * Where the data of a tenant are.
 *
 * @param partition name of the PostgreSQL server or database
 * @param strategy how they are kept apart from other tenants' there
 * @param blueprints the versions of applications' tables in a place of its own, by blueprint; those
 *     of a place that it shares are the {@link EdgePartition}'s
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record EdgePlacement(
    String partition, IsolationStrategy strategy, Optional<Map<String, Integer>> blueprints) {
  public EdgePlacement {
    blueprints = blueprints.map(Map::copyOf);
  }

  /** One without tables. */
  public EdgePlacement(String partition, IsolationStrategy strategy) {
    this(partition, strategy, Optional.empty());
  }
}

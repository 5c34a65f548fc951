package dev.gatehouse.contract.edge;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.OptionalInt;

/**
 * What the tenants of a plan share at the edge, where they do not say otherwise themselves.
 *
 * @param name what {@link EdgeTenant#plan()} names
 * @param limits the share of each of its tenants
 * @param weight each tenant's turns beside others' where a service is saturated, 1 to 100
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record EdgePlan(String name, EdgeLimits limits, OptionalInt weight) implements EdgeObject {
  /** Of tenants that have no plan. */
  public static final EdgePlan NONE = new EdgePlan("", EdgeLimits.NONE, OptionalInt.empty());

  /**
   * @throws IllegalArgumentException if the weight is out of its range
   */
  public EdgePlan {
    weight.ifPresent(value -> Range.check("weight", value, 1, 100));
  }

  @Override
  public Kind kind() {
    return Kind.PLAN;
  }

  @Override
  public String key() {
    return name;
  }
}

package dev.gatehouse.contract.edge;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * How much may leave in responses within one window of a gateway, and what becomes of what is more.
 * These budgets hold beside what a gateway learns to be usual, and before it has learned anything.
 *
 * @param action what becomes of it; as the operator says for all tenants if absent
 * @param principalBytes of bodies, to one caller
 * @param principalRecords to one caller
 * @param tenantBytes of bodies, to all callers of a tenant
 * @param tenantRecords to all callers of a tenant
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record EgressBudget(
    Optional<Action> action,
    OptionalLong principalBytes,
    OptionalLong principalRecords,
    OptionalLong tenantBytes,
    OptionalLong tenantRecords) {
  /** The most that a budget can be. */
  public static final long MOST = 1L << 50;

  /** Alarms at what is unusual, without budgets besides. */
  public static final EgressBudget DEFAULT =
      new EgressBudget(
          Optional.of(Action.ALARM),
          OptionalLong.empty(),
          OptionalLong.empty(),
          OptionalLong.empty(),
          OptionalLong.empty());

  /**
   * @throws IllegalArgumentException if a budget is out of its range
   */
  public EgressBudget {
    check("principalBytes", principalBytes);
    check("principalRecords", principalRecords);
    check("tenantBytes", tenantBytes);
    check("tenantRecords", tenantRecords);
  }

  private static void check(String what, OptionalLong budget) {
    budget.ifPresent(value -> Range.check(what, value, 1, MOST));
  }

  /** This one and, where it says nothing, another. */
  public EgressBudget orElse(EgressBudget other) {
    return new EgressBudget(
        action.or(other::action),
        either(principalBytes, other.principalBytes),
        either(principalRecords, other.principalRecords),
        either(tenantBytes, other.tenantBytes),
        either(tenantRecords, other.tenantRecords));
  }

  private static OptionalLong either(OptionalLong own, OptionalLong other) {
    return own.isPresent() ? own : other;
  }

  /** What becomes of what is more. */
  public enum Action implements WireName {
    /** It is counted, and nobody is told. */
    OBSERVE,
    /** The audit trail is told. */
    ALARM,
    /** The audit trail is told, and the caller gets nothing more until the window ends. */
    CUT_OFF;

    @Override
    public String wireName() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * Reads {@link #wireName()} back.
     *
     * @throws IllegalArgumentException if there is no such name
     */
    @JsonCreator
    public static Action fromWireName(String name) {
      return WireName.parse("action", values(), name);
    }
  }
}

package dev.gatehouse.controlplane.tenant;

import dev.gatehouse.contract.tenant.TenantStatus;
import dev.gatehouse.controlplane.api.Problem;
import dev.gatehouse.controlplane.api.ProblemException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The transitions that there are in a tenant's life, and from where each may be made. */
public enum Transition {
  ACTIVATE(TenantStatus.ACTIVE),
  SUSPEND(TenantStatus.SUSPENDED),
  RESUME(TenantStatus.ACTIVE),
  ARCHIVE(TenantStatus.ARCHIVED),
  RESTORE(TenantStatus.ACTIVE),
  DELETE(TenantStatus.DELETED);

  private final TenantStatus to;

  Transition(TenantStatus to) {
    this.to = to;
  }

  private boolean isAllowedFrom(TenantStatus status) {
    return switch (this) {
      case ACTIVATE -> status == TenantStatus.PENDING;
      case SUSPEND -> status == TenantStatus.ACTIVE;
      case RESUME -> status == TenantStatus.SUSPENDED;
      case ARCHIVE -> status == TenantStatus.ACTIVE || status == TenantStatus.SUSPENDED;
      case RESTORE -> status == TenantStatus.ARCHIVED;
      case DELETE -> status != TenantStatus.DELETED;
    };
  }

  /** The status that it leads to. */
  public TenantStatus to() {
    return to;
  }

  /** The name in paths and messages. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The transitions that may be made from a status. */
  public static List<Transition> allowedFrom(TenantStatus status) {
    return Arrays.stream(values()).filter(one -> one.isAllowedFrom(status)).toList();
  }

  /**
   * Refuses the transition where the status does not allow it.
   *
   * @throws ProblemException {@code TRANSITION_NOT_ALLOWED} with what is allowed instead
   */
  void requireFrom(TenantStatus status) {
    if (isAllowedFrom(status)) {
      return;
    }
    String allowed =
        allowedFrom(status).stream().map(Transition::wireName).collect(Collectors.joining(", "));
    throw new ProblemException(
        Problem.TRANSITION_NOT_ALLOWED,
        "the tenant is "
            + status.wireName()
            + ": "
            + wireName()
            + " is not possible, "
            + (allowed.isEmpty() ? "nothing is" : "only " + allowed));
  }
}

package dev.gatehouse.controlplane.billing;

import dev.gatehouse.controlplane.api.Answer;
import dev.gatehouse.controlplane.api.Api;
import dev.gatehouse.controlplane.api.ApiRequest;
import dev.gatehouse.controlplane.api.Fault;
import dev.gatehouse.controlplane.api.Pages;
import dev.gatehouse.controlplane.api.Problem;
import dev.gatehouse.controlplane.api.ProblemException;
import io.vertx.sqlclient.SqlConnection;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.UUID;

/** {@code /v1/billing}. */
public final class BillingRoutes {
  private final SubscriptionStore store = new SubscriptionStore();
  private final Pages pages;

  public BillingRoutes(Pages pages) {
    this.pages = pages;
  }

  /** Binds the operations on what is invoiced. */
  public void bind(Api api) {
    api.perform("listSubscriptions", this::list);
  }

  private Answer list(ApiRequest request, SqlConnection connection) {
    Instant from = moment(request, "from");
    Instant to = moment(request, "to");
    if (!from.isBefore(to)) {
      throw new ProblemException(
          Problem.INVALID_PARAMETER,
          List.of(Fault.inParameter("to", "must be after from, found " + to)));
    }
    return pages.answer(
        request,
        (after, count) -> store.list(connection, from, to, after.map(UUID::fromString), count),
        subscription -> subscription.tenantId().toString(),
        Subscription::toJson);
  }

  private static Instant moment(ApiRequest request, String name) {
    return OffsetDateTime.parse(request.query(name).orElseThrow()).toInstant();
  }
}

package dev.gatehouse.controlplane.billing;

import dev.gatehouse.contract.audit.AuditChain;
import dev.gatehouse.controlplane.api.Answer;
import dev.gatehouse.controlplane.api.Api;
import dev.gatehouse.controlplane.api.ApiRequest;
import dev.gatehouse.controlplane.api.Csv;
import dev.gatehouse.controlplane.api.Exports;
import dev.gatehouse.controlplane.api.Fault;
import dev.gatehouse.controlplane.api.Pages;
import dev.gatehouse.controlplane.api.Problem;
import dev.gatehouse.controlplane.api.ProblemException;
import dev.gatehouse.controlplane.database.Database;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.sqlclient.SqlConnection;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** {@code /v1/billing}. */
public final class BillingRoutes {
  /** Tenants that an export reads at once. */
  private static final int BATCH = 200;

  private final SubscriptionStore store = new SubscriptionStore();
  private final Database database;
  private final Exports exports;
  private final Pages pages;

  public BillingRoutes(Database database, Exports exports, Pages pages) {
    this.database = database;
    this.exports = exports;
    this.pages = pages;
  }

  /** Binds the operations on what is invoiced. */
  public void bind(Api api) {
    api.perform("listSubscriptions", this::list).stream("exportSubscriptions", this::export);
  }

  /** The time that is invoiced, up to {@code to} and without it. */
  private record Range(Instant from, Instant to) {
    static Range of(ApiRequest request) {
      Range range = new Range(moment(request, "from"), moment(request, "to"));
      if (!range.from.isBefore(range.to)) {
        throw new ProblemException(
            Problem.INVALID_PARAMETER,
            List.of(Fault.inParameter("to", "must be after from, found " + range.to)));
      }
      return range;
    }

    private static Instant moment(ApiRequest request, String name) {
      return OffsetDateTime.parse(request.query(name).orElseThrow()).toInstant();
    }
  }

  private Answer list(ApiRequest request, SqlConnection connection) {
    Range range = Range.of(request);
    return pages.answer(
        request,
        (after, count) ->
            store.list(connection, range.from, range.to, after.map(UUID::fromString), count),
        subscription -> subscription.tenantId().toString(),
        Subscription::toJson);
  }

  private void export(ApiRequest request, HttpServerResponse response) {
    Range range = Range.of(request);
    exports.write(AuditChain.PLATFORM, Csv.MEDIA_TYPE, response, out -> write(range, out));
  }

  /** Holds no connection of the database while it waits for the reader. */
  private void write(Range asked, Exports.Out out) {
    Range range = database.withConnection(c -> new Range(asked.from, store.orNow(c, asked.to)));
    SubscriptionsCsv csv = new SubscriptionsCsv();
    List<Subscription> batch = batch(range, Optional.empty());
    out.write(csv.rowsOf(batch));
    while (batch.size() == BATCH) {
      batch = batch(range, Optional.of(batch.getLast().tenantId()));
      out.write(csv.rowsOf(batch));
    }
  }

  private List<Subscription> batch(Range range, Optional<UUID> after) {
    return database.withConnection(c -> store.list(c, range.from, range.to, after, BATCH));
  }
}

package dev.gatehouse.gateway.usage;

import dev.gatehouse.contract.usage.LostUsage;
import dev.gatehouse.contract.usage.RouteUsage;
import dev.gatehouse.contract.usage.UsageReport;
import dev.gatehouse.gateway.directory.ControlPlaneClient;
import dev.gatehouse.gateway.directory.FeedConfig;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes down every few seconds what was counted, and hands it to the control plane: in order, one
 * report at a time, again and again until it is taken. Then asks what tenants have used of their
 * monthly quotas. Runs on one event loop; what may wait for the disk, on a worker.
 */
public final class UsageReporter {
  private static final Logger LOG = LoggerFactory.getLogger(UsageReporter.class);
  private static final long FIRST_RETRY_MILLIS = 200;
  private static final long LAST_RETRY_MILLIS = 10_000;
  private static final long LAST_ATTEMPT_MILLIS = 5_000;
  private static final Set<Integer> PASSING = Set.of(401, 403, 404, 405, 408, 429);
  private static final Duration MOST_IN_ONE = UsageReport.LONGEST.minusMinutes(1);

  private final Vertx vertx;
  private final UsageConfig config;
  private final String gatewayName;
  private final UsageMeter meter;
  private final ControlPlaneClient controlPlane;
  private final SharedQuotas quotas;
  private final InstantSource clock;
  private final PendingReports pending;
  private final UUID run = UUID.randomUUID();
  private final Counter taken;
  private final Counter refused;
  private final Counter lostTimes;

  private UsageCounts unwritten = new UsageCounts();
  private List<LostUsage> unsaid = new ArrayList<>();
  private Instant countedTo;
  private long sequence;
  private long retryMillis = FIRST_RETRY_MILLIS;
  private Future<Boolean> sending = Future.succeededFuture(false);
  private boolean closed;
  private Future<Void> writing = Future.succeededFuture();

  /**
   * @param vertx the one whose event loop reports
   * @param controlPlane where to, and the token
   * @param gatewayName unique among the gateways of the platform
   * @param quotas told what the control plane has counted
   */
  public UsageReporter(
      Vertx vertx,
      UsageConfig config,
      FeedConfig controlPlane,
      String gatewayName,
      UsageMeter meter,
      SharedQuotas quotas,
      InstantSource clock,
      MeterRegistry metrics) {
    this.vertx = vertx;
    this.config = config;
    this.gatewayName = gatewayName;
    this.meter = meter;
    this.controlPlane = new ControlPlaneClient(vertx, controlPlane);
    this.quotas = quotas;
    this.clock = clock;
    this.countedTo = now();
    this.pending =
        config.directory().isPresent()
            ? new ReportDirectory(config.directory().get(), config, countedTo)
            : new ReportsInMemory(config);
    this.taken = counter(metrics, "taken");
    this.refused = counter(metrics, "refused");
    this.lostTimes =
        Counter.builder("gatehouse.usage.lost")
            .description("Times of which the counts are missing, as the control plane is told")
            .register(metrics);
    Gauge.builder("gatehouse.usage.reports.pending", pending, PendingReports::size)
        .description("Reports of usage that the control plane has not taken yet")
        .register(metrics);
  }

  private static Counter counter(MeterRegistry metrics, String outcome) {
    return Counter.builder("gatehouse.usage.reports")
        .description("Reports of usage, by what the control plane did with them")
        .tag("outcome", outcome)
        .register(metrics);
  }

  /**
   * Begins to report, with what an earlier run has left. Blocks: call it before requests are
   * served.
   *
   * @throws IOException if there is a folder for reports, and it cannot be used
   */
  public void start() throws IOException {
    pending.recover(countedTo).ifPresent(this::lost);
    // Before anything is served: a run that is killed at once says so, too.
    List<UsageReport> first = reports(List.of(), takeUnsaid(), countedTo, countedTo);
    pending.add(run, first, countedTo).forEach(this::lost);
    vertx.runOnContext(_ -> {
      quotas.beginMonthIfNew(now());
      send();
      later();
    });
  }

  /** Reports what there is, if the control plane takes it within five seconds, and stops. */
  public Future<Void> close() {
    Promise<Void> told = Promise.promise();
    vertx.runOnContext(_ -> lastAttempt().onComplete(told));
    return told.future().eventually(controlPlane::close);
  }

  private Future<Void> lastAttempt() {
    closed = true;
    return writing
        .transform(_ -> write(meter.takeDelivered(), now()))
        .transform(_ ->
            sending.transform(_ -> sendAll()).timeout(LAST_ATTEMPT_MILLIS, TimeUnit.MILLISECONDS))
        .otherwiseEmpty()
        .eventually(() ->
            onDisk(() -> {
              if (unwritten.isEmpty()) {
                pending.end();
              }
              return true;
            }));
  }

  private Future<Void> sendAll() {
    return onDisk(pending::first)
        .compose(first ->
            first.isEmpty()
                ? Future.succeededFuture()
                : post(first.get()).compose(more -> more ? sendAll() : Future.succeededFuture()));
  }

  /** At the same moments for all gateways, so that no report spans two minutes. */
  private void later() {
    long every = config.every().toMillis();
    vertx.setTimer(every - clock.millis() % every, _ -> tick());
  }

  private void tick() {
    if (closed) {
      return;
    }
    Instant to = now();
    writing = meter.take().compose(counts -> write(counts, to));
    writing.onComplete(_ -> {
      quotas.beginMonthIfNew(to);
      send();
      later();
    });
  }

  /** What cannot be written down stays, and is written with what comes next. */
  private Future<Void> write(UsageCounts counts, Instant to) {
    unwritten.add(counts);
    Instant earliest = to.minus(MOST_IN_ONE);
    if (countedTo.isBefore(earliest)) {
      lost(new LostUsage(countedTo, earliest, LostUsage.Reason.NO_ROOM));
      countedTo = earliest;
    }
    Instant from = countedTo.isAfter(to) ? to : countedTo;
    List<LostUsage> said = takeUnsaid();
    List<UsageReport> reports = reports(unwritten.usages().toList(), said, from, to);
    return onDisk(() -> pending.add(run, reports, to))
        .onSuccess(dropped -> {
          unwritten = new UsageCounts();
          countedTo = to;
          dropped.forEach(this::lost);
        })
        .onFailure(failure -> {
          unsaid.addAll(0, said);
          LOG.error(
              "{} reports of usage could not be written down, and are kept in memory: {}",
              reports.size(),
              failure.toString());
        })
        .mapEmpty();
  }

  private List<UsageReport> reports(
      List<RouteUsage> routes, List<LostUsage> said, Instant from, Instant to) {
    List<UsageReport> reports = new ArrayList<>();
    Optional<LostUsage> lost = GivenUp.together(said);
    int begin = 0;
    while (begin < routes.size() || lost.isPresent()) {
      int end = Math.min(begin + UsageReport.MAX_ROUTES, routes.size());
      reports.add(
          new UsageReport(
              gatewayName, run, ++sequence, from, to, routes.subList(begin, end), lost));
      lost = Optional.empty();
      begin = end;
    }
    return reports;
  }

  private void send() {
    if (!sending.isComplete() || closed) {
      return;
    }
    sending =
        onDisk(pending::first)
            .compose(first -> first.isEmpty() ? Future.succeededFuture(false) : post(first.get()));
    sending.onComplete(outcome -> {
      if (outcome.failed()) {
        tryLater();
      } else if (outcome.result()) {
        retryMillis = FIRST_RETRY_MILLIS;
        send();
      } else {
        settle();
      }
    });
  }

  /** Tells whether to go on with the next one. */
  private Future<Boolean> post(UsageReport report) {
    return controlPlane
        .send(HttpMethod.POST, UsageReport.PATH, Buffer.buffer(report.encode()))
        .compose(response -> {
          int status = response.statusCode();
          if (status == 204) {
            taken.increment();
            if (report.run().equals(run)) {
              quotas.reported(report);
            }
          } else if (isFinal(status)) {
            LOG.error("the control plane refused a report of usage: {}", status);
            refused.increment();
            lost(GivenUp.unreadable(report));
          } else {
            return Future.failedFuture("the control plane answered " + status);
          }
          return onDisk(() -> {
            pending.remove(report);
            return true;
          });
        });
  }

  /** A control plane that does not know the path is older than this gateway, and will be newer. */
  private static boolean isFinal(int status) {
    return status >= 400 && status < 500 && !PASSING.contains(status);
  }

  private void tryLater() {
    long pause = ThreadLocalRandom.current().nextLong(retryMillis / 2, retryMillis + 1);
    retryMillis = Math.min(retryMillis * 2, LAST_RETRY_MILLIS);
    vertx.setTimer(pause, _ -> send());
  }

  /** What all gateways have counted, this one's reports included, as all of them are taken. */
  private void settle() {
    controlPlane
        .send(HttpMethod.GET, SharedQuotas.PATH, Buffer.buffer())
        .onSuccess(response -> {
          if (response.statusCode() == 200) {
            quotas.settle(response.body().getBytes());
          }
        })
        .onFailure(failure -> LOG.debug("what quotas have left is not known", failure));
  }

  private List<LostUsage> takeUnsaid() {
    List<LostUsage> taken = unsaid;
    unsaid = new ArrayList<>();
    return taken;
  }

  private void lost(LostUsage time) {
    lostTimes.increment();
    unsaid.add(time);
  }

  @SuppressWarnings("NullAway") // None of the work answers null.
  private <T> Future<T> onDisk(Callable<T> work) {
    return vertx.executeBlocking(work, true);
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }
}

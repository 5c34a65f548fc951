package dev.gatehouse.gateway.exfiltration;

import dev.gatehouse.contract.security.EgressTaken;
import dev.gatehouse.gateway.rejection.Rejection;
import io.vertx.core.MultiMap;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;

/**
 * Counts what leaves to one caller of a tenant, or to all of them. Any thread; to count is two
 * additions here and two for the tenant, and nothing is locked before something is too much.
 */
public final class EgressMeter {
  private static final AtomicLongFieldUpdater<EgressMeter> BYTES =
      AtomicLongFieldUpdater.newUpdater(EgressMeter.class, "bytes");
  private static final AtomicLongFieldUpdater<EgressMeter> RECORDS =
      AtomicLongFieldUpdater.newUpdater(EgressMeter.class, "records");

  private final TenantEgress tenant;
  private final String principal;
  private final ExfiltrationConfig config;
  private Span window;
  private Span period;

  /** Since the window began. */
  private volatile long bytes;

  private volatile long records;

  /** More than this since the window began is to be looked at. */
  private volatile long roomForBytes = Span.NO_LIMIT;

  private volatile long roomForRecords = Span.NO_LIMIT;
  private volatile boolean cut;
  private volatile boolean cutForPeriod;
  private volatile int idleWindows;

  /**
   * @param principal who; see {@link TenantEgress}
   */
  EgressMeter(TenantEgress tenant, String principal, ExfiltrationConfig config) {
    this.tenant = tenant;
    this.principal = principal;
    this.config = config;
    this.window = new Span(config.window());
    this.period = new Span(config.period());
    fit();
  }

  /**
   * A response of a service begins.
   *
   * @param headers its own, which may say how many records it holds
   * @param address the client's
   */
  public void answered(MultiMap headers, String address) {
    take(0, tenant.recordsIn(headers), address);
  }

  /**
   * A part of a response's body leaves.
   *
   * @param address the client's; empty if it is not known
   */
  public void pass(long more, String address) {
    take(more, 0, address);
  }

  private void take(long moreBytes, long moreRecords, String address) {
    add(moreBytes, moreRecords, address);
    EgressMeter all = tenant.whole();
    if (all != this) {
      all.add(moreBytes, moreRecords, address);
    }
  }

  private void add(long moreBytes, long moreRecords, String address) {
    long takenBytes = moreBytes == 0 ? bytes : BYTES.addAndGet(this, moreBytes);
    long takenRecords = moreRecords == 0 ? records : RECORDS.addAndGet(this, moreRecords);
    if (takenBytes > roomForBytes || takenRecords > roomForRecords) {
      tooMuch(address);
    }
  }

  /** Whether what is under way to this caller is to be broken off. */
  public boolean breaksOff() {
    return tenant.breaksOff() && isCut();
  }

  /** How what {@link #breaksOff} is answered, as long as it has no answer yet. */
  public Rejection refusal() {
    return tenant.refusalOf(this);
  }

  /** Whether nothing more is to leave: for this caller, or for the whole tenant. */
  boolean isCut() {
    return cut || tenant.whole().cut;
  }

  private synchronized void tooMuch(String address) {
    // It may be known since, or its room may have become larger.
    tell(
        window,
        EgressTaken.Span.WINDOW,
        tenant.byteBudget(this),
        tenant.recordBudget(this),
        address);
    tell(period, EgressTaken.Span.PERIOD, OptionalLong.empty(), OptionalLong.empty(), address);
    fit();
  }

  private void tell(
      Span span,
      EgressTaken.Span name,
      OptionalLong byteBudget,
      OptionalLong recordBudget,
      String address) {
    if (bytes <= span.roomForBytes(byteBudget) && records <= span.roomForRecords(recordBudget)) {
      return;
    }
    EgressTaken taken =
        new EgressTaken(
            tenant.fingerprintOf(this),
            name,
            span.bytes(bytes, byteBudget),
            span.records(records, recordBudget));
    span.told();
    if (tenant.tell(this, taken, address)) {
      cut = true;
      cutForPeriod |= name == EgressTaken.Span.PERIOD;
    }
  }

  /**
   * The window has ended. One thread.
   *
   * @param periodEnds whether the period ends with it
   */
  synchronized void windowEnded(boolean periodEnds) {
    long takenBytes = BYTES.getAndSet(this, 0);
    long takenRecords = RECORDS.getAndSet(this, 0);
    idleWindows = takenBytes == 0 && takenRecords == 0 ? idleWindows + 1 : 0;
    window.windowEnded(takenBytes, takenRecords, true);
    period.windowEnded(takenBytes, takenRecords, periodEnds);
    cutForPeriod &= !periodEnds;
    cut = cutForPeriod;
    fit();
  }

  /** The tenant's budget is another. */
  synchronized void fit() {
    roomForBytes =
        Math.min(
            window.roomForBytes(tenant.byteBudget(this)),
            period.roomForBytes(OptionalLong.empty()));
    roomForRecords =
        Math.min(
            window.roomForRecords(tenant.recordBudget(this)),
            period.roomForRecords(OptionalLong.empty()));
  }

  /**
   * Forgets what is usual, and ends a cut-off. What is under way goes on to be counted here: a
   * stream that was open before must not count for nobody.
   */
  synchronized void learnAnew() {
    BYTES.set(this, 0);
    RECORDS.set(this, 0);
    window = new Span(config.window());
    period = new Span(config.period());
    lift();
    fit();
  }

  /** Ends a cut-off. */
  synchronized void lift() {
    cut = false;
    cutForPeriod = false;
  }

  /** Whether it is cut off until the period ends. */
  boolean isCutForPeriod() {
    return cutForPeriod || tenant.whole().cutForPeriod;
  }

  /** In how many windows nothing has left. */
  int idleWindows() {
    return idleWindows;
  }

  String principal() {
    return principal;
  }

  /** What there is to see of it. */
  synchronized EgressView view() {
    OptionalLong byteBudget = tenant.byteBudget(this);
    OptionalLong recordBudget = tenant.recordBudget(this);
    return new EgressView(
        principal,
        tenant.fingerprintOf(this),
        cut,
        EgressView.Part.of(window, bytes, records, byteBudget, recordBudget),
        EgressView.Part.of(period, bytes, records, OptionalLong.empty(), OptionalLong.empty()));
  }
}

package dev.gatehouse.gateway.share;

import dev.gatehouse.contract.edge.EdgeService;
import dev.gatehouse.gateway.directory.Tenant;
import dev.gatehouse.gateway.rejection.Rejection;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.Random;
import java.util.function.LongSupplier;

/**
 * A service behind the shares of a gateway's event loops, in virtual time: so many workers, a
 * service time, and a queue of its own that grows without bound and serves whoever came first.
 */
final class Simulation {
  static final long MILLI = 1_000_000;

  final Random random;
  int workers;
  LongSupplier serviceTime;

  private final List<ServiceShare> shares = new ArrayList<>();
  private final PriorityQueue<Event> events = new PriorityQueue<>();
  private final Queue<Job> backlog = new ArrayDeque<>();
  private long now = 1;
  private long number;
  private int busy;

  Simulation(EdgeService service, int workers, long serviceMillis, long seed) {
    this(1, service, workers, serviceMillis, seed);
  }

  Simulation(int eventLoops, EdgeService service, int workers, long serviceMillis, long seed) {
    this.workers = workers;
    this.serviceTime = () -> serviceMillis * MILLI;
    this.random = new Random(seed);
    ServiceMeters meters = new ServiceMeters(new SimpleMeterRegistry(), "app");
    AdaptiveLimit adaptive = new AdaptiveLimit(eventLoops);
    for (int i = 0; i < eventLoops; i++) {
      shares.add(
          new ServiceShare(
              service, ShareKey.shared("app"), eventLoops, () -> now, meters, adaptive));
    }
    schedule(10 * MILLI, this::sweep);
  }

  /** Times that vary as those of a Poisson process do. */
  long exponential(double meanMillis) {
    return (long) (-Math.log(1 - random.nextDouble()) * meanMillis * MILLI) + 1;
  }

  /** Of all event loops. */
  int limit() {
    return shares.stream().mapToInt(ServiceShare::limit).sum();
  }

  /** What the service has accepted, and not begun with. */
  int waitingAtService() {
    return backlog.size();
  }

  private ServiceShare anyShare() {
    return shares.get(shares.size() == 1 ? 0 : random.nextInt(shares.size()));
  }

  long nowNanos() {
    return now;
  }

  long nowMillis() {
    return now / MILLI;
  }

  /** A tenant that sends without regard to answers, for ever. */
  Traffic open(Tenant tenant, double perSecond) {
    Traffic traffic = new Traffic(tenant);
    traffic.perSecond = perSecond;
    schedule(exponential(1000 / perSecond), () -> arrive(traffic));
    return traffic;
  }

  /** A tenant with so many clients, each of which sends again when it was answered. */
  Traffic closed(Tenant tenant, int clients) {
    Traffic traffic = new Traffic(tenant);
    for (int i = 0; i < clients; i++) {
      schedule(random.nextLong(MILLI), () -> new Job(traffic, true).enter());
    }
    return traffic;
  }

  /** Clients that ask for news, and are answered without any work when there are some. */
  Traffic longPolls(Tenant tenant, int clients, double millis) {
    Traffic traffic = closed(tenant, clients);
    traffic.heldBackMillis = millis;
    return traffic;
  }

  void runForSeconds(long seconds) {
    long end = now + seconds * 1000 * MILLI;
    for (Event next = events.peek(); next != null && next.at() <= end; next = events.peek()) {
      events.remove();
      now = next.at();
      next.action().run();
    }
    now = end;
  }

  private void arrive(Traffic traffic) {
    new Job(traffic, false).enter();
    schedule(exponential(1000 / traffic.perSecond), () -> arrive(traffic));
  }

  private void sweep() {
    shares.forEach(share -> share.expire(now));
    schedule(10 * MILLI, this::sweep);
  }

  private void schedule(long in, Runnable action) {
    events.add(new Event(now + in, number++, action));
  }

  private void work() {
    while (busy < workers && !backlog.isEmpty()) {
      Job job = backlog.remove();
      busy++;
      schedule(serviceTime.getAsLong(), job::worked);
    }
  }

  /** What became of one tenant's requests. */
  static final class Traffic {
    private final Tenant tenant;
    double perSecond;
    double heldBackMillis;
    final List<Long> latencies = new ArrayList<>();
    int refused;

    private Traffic(Tenant tenant) {
      this.tenant = tenant;
    }

    void forget() {
      latencies.clear();
      refused = 0;
    }

    double percentileMillis(double percent) {
      List<Long> sorted = latencies.stream().sorted().toList();
      return (double) sorted.get((int) (percent / 100 * (sorted.size() - 1))) / MILLI;
    }
  }

  private final class Job implements Waiter {
    private final Traffic traffic;
    private final boolean again;
    private final long began = now;
    private long sent;
    private Permit permit;

    @SuppressWarnings("NullAway.Init")
    private Job(Traffic traffic, boolean again) {
      this.traffic = traffic;
      this.again = again;
    }

    void enter() {
      try {
        anyShare().enter(traffic.tenant, this);
      } catch (Rejection rejection) {
        refused(rejection);
      }
    }

    @Override
    public void admitted(Permit granted) {
      permit = granted;
      sent = now;
      if (traffic.heldBackMillis > 0) {
        schedule(exponential(traffic.heldBackMillis), this::answered);
      } else {
        backlog.add(this);
        work();
      }
    }

    @Override
    public void refused(Rejection rejection) {
      traffic.refused++;
      if (again) {
        schedule(exponential(50), () -> new Job(traffic, true).enter());
      }
    }

    @Override
    public boolean isClientBehind(long nowNanos) {
      return false;
    }

    @Override
    public boolean awaitsSlowClient(long nowNanos) {
      return false;
    }

    private void worked() {
      busy--;
      work();
      answered();
    }

    private void answered() {
      traffic.latencies.add(now - began);
      permit.release(Outcome.SUCCESS, now - sent);
      if (again) {
        new Job(traffic, true).enter();
      }
    }
  }

  private record Event(long at, long number, Runnable action) implements Comparable<Event> {
    @Override
    public int compareTo(Event other) {
      return at == other.at ? Long.compare(number, other.number) : Long.compare(at, other.at);
    }
  }
}

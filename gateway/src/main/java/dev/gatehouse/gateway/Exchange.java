package dev.gatehouse.gateway;

import dev.gatehouse.gateway.admit.RequestHeaders;
import dev.gatehouse.gateway.authenticate.Principal;
import dev.gatehouse.gateway.client.ClientAddress;
import dev.gatehouse.gateway.directory.Tenant;
import dev.gatehouse.gateway.limit.Slots;
import dev.gatehouse.gateway.observe.TraceParent;
import dev.gatehouse.gateway.observe.trace.RequestSpan;
import dev.gatehouse.gateway.observe.trace.Tracing;
import dev.gatehouse.gateway.route.Routed;
import dev.gatehouse.gateway.tls.PeerCertificates;
import dev.gatehouse.gateway.upstream.Target;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.HostAndPort;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One request on its way, and what is remembered of it for the log, the metrics and the answer.
 * Belongs to the event loop of its connection.
 */
@SuppressWarnings("EnumOrdinal") // The order of the stages is what the index means.
public final class Exchange implements RequestHead {
  private static final Stage[] STAGES = Stage.values();

  private final HttpServerRequest request;
  private final RequestHeaders headers;
  private final ClientAddress client;
  private final long startNanos;
  private final Consumer<Exchange> observer;
  private final long @Nullable [] stageNanos;
  private final Tracing tracing;
  private @Nullable Tenant tenant;
  private @Nullable Principal principal;
  private @Nullable Target target;
  private int attempts;
  private long upstreamFrom;
  private long upstreamNanos = -1;
  private @Nullable RequestSpan span;
  private boolean spanDecided;
  private @Nullable TraceParent traceParent;
  private String refusal = "";
  private String passedOnTo = "";
  private Slots slots = Slots.UNLIMITED;
  private @Nullable Routed routed;
  private boolean billable;
  private boolean over;

  /** One that is in no trace that anybody records. */
  public Exchange(
      HttpServerRequest request, ClientAddress client, boolean timed, Consumer<Exchange> observer) {
    this(request, client, timed, Tracing.OFF, observer);
  }

  /**
   * @param client from where it comes
   * @param timed whether to take the time of each stage, for the access log
   * @param tracing decides whether it is sampled
   * @param observer told once, when it is over
   */
  public Exchange(
      HttpServerRequest request,
      ClientAddress client,
      boolean timed,
      Tracing tracing,
      Consumer<Exchange> observer) {
    this.tracing = tracing;
    this.request = request;
    this.headers = RequestHeaders.of(request.headers());
    this.client = client;
    this.startNanos = System.nanoTime();
    this.observer = observer;
    this.stageNanos = timed ? new long[STAGES.length] : null;
  }

  /** The client's request. */
  public HttpServerRequest request() {
    return request;
  }

  /** From where it comes, as far as that can be trusted. */
  @Override
  public ClientAddress client() {
    return client;
  }

  @Override
  public HttpMethod method() {
    return request.method();
  }

  @Override
  public HttpVersion version() {
    return request.version();
  }

  @Override
  public String scheme() {
    return client.scheme();
  }

  @Override
  public @Nullable String namedScheme() {
    return request.scheme();
  }

  @Override
  public String forwardedFor() {
    return client.forwardedFor();
  }

  @Override
  public String uri() {
    return request.uri();
  }

  @Override
  public @Nullable HostAndPort authority() {
    return request.authority();
  }

  @Override
  public RequestHeaders headers() {
    return headers;
  }

  @Override
  public MultiMap allHeaders() {
    return request.headers();
  }

  @Override
  public PeerCertificates peerCertificates() {
    return PeerCertificates.of(request.connection());
  }

  @Override
  public @Nullable String serverName() {
    return request.connection().indicatedServerName();
  }

  @Override
  public boolean isEnded() {
    return request.isEnded();
  }

  /** When it began, on the clock of {@link System#nanoTime()}. */
  public long startNanos() {
    return startNanos;
  }

  /** Says that a stage has ended. */
  public void ended(Stage stage) {
    if (stageNanos != null) {
      stageNanos[stage.ordinal()] = System.nanoTime();
    }
  }

  /** How long a stage took, in microseconds; -1 if it was not reached or not timed. */
  public long stageMicros(Stage stage) {
    if (stageNanos == null || stageNanos[stage.ordinal()] == 0) {
      return -1;
    }
    long from = startNanos;
    for (int before = stage.ordinal() - 1; before >= 0; before--) {
      // Not every request goes through every stage.
      if (stageNanos[before] != 0) {
        from = stageNanos[before];
        break;
      }
    }
    return Math.max(0, stageNanos[stage.ordinal()] - from) / 1000;
  }

  /** Whose request it is, once that is known. */
  public Optional<Tenant> tenant() {
    return Optional.ofNullable(tenant);
  }

  @Override
  public void tenant(Tenant resolved) {
    this.tenant = resolved;
  }

  /** The trace that this request belongs to: the client's, or a new one. */
  public TraceParent traceParent() {
    TraceParent known = traceParent;
    if (known == null) {
      known = tracing.identify(headers.traceParent());
      traceParent = known;
    }
    return known;
  }

  /**
   * Its span, where it is sampled; null where it is not. That is decided when it is asked for the
   * first time: ask once its tenant is known, or it is over.
   */
  public @Nullable RequestSpan span() {
    if (!spanDecided) {
      spanDecided = true;
      span = tracing.begin(this);
    }
    return span;
  }

  /** Whether anybody records traces. */
  public boolean isTraced() {
    return tracing.isOn();
  }

  /** What whoever works for it is told of its trace, who has no span of its own. */
  public String traceHeader() {
    RequestSpan sampled = span();
    if (sampled != null) {
      return sampled.header();
    }
    return tracing.isOn() ? traceParent().unsampled() : traceParent().header();
  }

  /** Who calls, once that is known. */
  public @Nullable Principal principal() {
    return principal;
  }

  /** Says who calls. */
  public void principal(Principal caller) {
    this.principal = caller;
  }

  /** The endpoint at which it was tried last; null if at none. */
  public @Nullable Target target() {
    return target;
  }

  /** At how many endpoints it was tried. */
  public int attempts() {
    return attempts;
  }

  /** It is tried at an endpoint. */
  public void tries(Target next) {
    target = next;
    if (attempts++ == 0) {
      upstreamFrom = System.nanoTime();
    }
  }

  /** Its service has begun to answer, or will not. */
  public void upstreamDone() {
    if (attempts > 0 && upstreamNanos < 0) {
      upstreamNanos = System.nanoTime() - upstreamFrom;
    }
  }

  /**
   * How long its service took until its answer began, from the first attempt on, in microseconds;
   * -1 if it was tried nowhere, or never answered.
   */
  public long upstreamMicros() {
    return upstreamNanos < 0 ? -1 : upstreamNanos / 1000;
  }

  /** Why the gateway ended it: the last part of the problem's type; empty if it did not. */
  public String refusal() {
    return refusal;
  }

  /** Says why the gateway ends it. */
  public void refusal(String problem) {
    this.refusal = problem;
  }

  /** The region whose gateway takes it its way; empty if this one does. */
  public String passedOnTo() {
    return passedOnTo;
  }

  /** Says that a gateway of another region takes it its way. */
  public void passedOnTo(String region) {
    this.passedOnTo = region;
  }

  /** It was let in: keeps the slot that it took, until {@link #end()}. */
  public void admitted(Slots taken) {
    this.slots = taken;
    this.billable = true;
  }

  /** Whether it counts for the tenant's monthly quota, as all do that were let in. */
  public boolean isBillable() {
    return billable;
  }

  /** Where it goes, once that is known. */
  public Optional<Routed> routed() {
    return Optional.ofNullable(routed);
  }

  /** Says where it goes. */
  public void routed(Routed destination) {
    this.routed = destination;
  }

  /**
   * It is over, whatever became of it: gives back what it held and tells its observer. Does nothing
   * the second time.
   */
  public void end() {
    if (!over) {
      over = true;
      slots.giveBack();
      observer.accept(this);
    }
  }

  /** The stages, in order. */
  public enum Stage {
    ADMIT,
    RESOLVE,
    AUTHENTICATE,
    LIMIT,
    SIGN,
    FORWARD
  }
}

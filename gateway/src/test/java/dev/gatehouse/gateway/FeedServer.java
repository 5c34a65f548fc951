package dev.gatehouse.gateway;

import dev.gatehouse.contract.context.SigningKeys;
import dev.gatehouse.contract.edge.AccountMembership;
import dev.gatehouse.contract.edge.EdgeObject;
import dev.gatehouse.contract.edge.EdgeSigningKey;
import dev.gatehouse.contract.edge.EndpointReport;
import dev.gatehouse.contract.edge.ExplainAnswer;
import dev.gatehouse.contract.edge.ExplainQuestion;
import dev.gatehouse.contract.edge.FeedCodec;
import dev.gatehouse.contract.edge.FeedMessage;
import dev.gatehouse.contract.security.SecurityReport;
import dev.gatehouse.contract.token.SecretToken;
import dev.gatehouse.contract.usage.MonthlyUse;
import dev.gatehouse.contract.usage.RouteUsage;
import dev.gatehouse.contract.usage.UsageReport;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Speaks the control plane's side of the feed, from objects in memory. */
public final class FeedServer implements AutoCloseable {
  private final List<UsageReport> usage = new CopyOnWriteArrayList<>();
  private final List<UsageReport> refusedUsage = new CopyOnWriteArrayList<>();
  private volatile int usageStatus = 204;
  private volatile MonthlyUse monthlyUse = new MonthlyUse(YearMonth.now(ZoneOffset.UTC), List.of());

  public final SecretToken token = SecretToken.generate(SecretToken.Kind.GATEWAY);

  private final Vertx vertx = Vertx.vertx();
  private final Map<String, FeedMessage.Upsert> objects = new LinkedHashMap<>();
  private final List<HttpServerResponse> followers = new ArrayList<>();
  private final BlockingQueue<JsonObject> keysUsed = new LinkedBlockingQueue<>();
  private final Map<String, List<AccountMembership>> memberships = new ConcurrentHashMap<>();
  private final List<String> entered = new CopyOnWriteArrayList<>();
  private final HttpServer server;
  private long revision;
  private long applied = -1;
  private boolean snapshotsOnly;
  private volatile boolean takesReports = true;
  private final BlockingQueue<SecurityReport> reports = new LinkedBlockingQueue<>();
  private final BlockingQueue<ExplainAnswer> explained = new LinkedBlockingQueue<>();
  private volatile Optional<EndpointReport> endpoints = Optional.empty();
  private volatile CountDownLatch appliedChanged = new CountDownLatch(1);

  public FeedServer() {
    server = vertx.createHttpServer().requestHandler(this::handle).listen(0, "127.0.0.1").await();
    vertx.setPeriodic(500, _ -> broadcast(new FeedMessage.Heartbeat(revision)));
    String jwk = SigningKeys.generate();
    Instant now = Instant.now();
    put(new EdgeSigningKey(SigningKeys.kidOf(jwk), jwk, now, now.plus(Duration.ofDays(1))));
  }

  public URI url() {
    return URI.create("http://127.0.0.1:" + server.actualPort());
  }

  public synchronized long put(EdgeObject object) {
    FeedMessage.Upsert upsert = new FeedMessage.Upsert(++revision, object);
    objects.put(object.kind() + object.key(), upsert);
    broadcast(upsert);
    broadcast(new FeedMessage.Heartbeat(revision));
    return revision;
  }

  public synchronized long remove(EdgeObject.Kind kind, String key) {
    objects.remove(kind + key);
    broadcast(new FeedMessage.Remove(++revision, kind, key));
    broadcast(new FeedMessage.Heartbeat(revision));
    return revision;
  }

  public synchronized void send(String line) {
    followers.forEach(follower -> follower.write(line + "\n"));
  }

  /** Whoever connects from now on gets a snapshot, whatever it knows. */
  synchronized void forgetRevisions() {
    snapshotsOnly = true;
  }

  /** Whether reports of security events are taken, or answered as by a control plane in trouble. */
  public void takeReports(boolean take) {
    takesReports = take;
  }

  /** The next report of security events that was taken. */
  public SecurityReport nextReport() throws InterruptedException {
    SecurityReport next = reports.poll(20, TimeUnit.SECONDS);
    if (next == null) {
      throw new AssertionError("no report came");
    }
    return next;
  }

  public synchronized void cutConnections() {
    followers.forEach(follower -> follower.reset());
    followers.clear();
  }

  /** Waits until a gateway has said that it applied the revision. */
  public void awaitApplied(long wanted) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (true) {
      CountDownLatch changed = appliedChanged;
      synchronized (this) {
        if (applied >= wanted) {
          return;
        }
      }
      if (!changed.await(end - System.nanoTime(), TimeUnit.NANOSECONDS)) {
        throw new AssertionError("revision " + wanted + " was not applied, only " + applied);
      }
    }
  }

  /** What gateways have said of the use of keys, one report after the other. */
  public BlockingQueue<JsonObject> keysUsed() {
    return keysUsed;
  }

  private void keysUsed(HttpServerRequest request, JsonObject body) {
    keysUsed.add(body.getJsonObject("keys"));
    request.response().setStatusCode(204).end();
  }

  private synchronized void broadcast(FeedMessage message) {
    send(FeedCodec.encode(message));
  }

  private void handle(HttpServerRequest request) {
    if (!("Bearer " + token.reveal()).equals(request.getHeader("Authorization"))) {
      request.response().setStatusCode(401).end();
    } else if (Objects.equals(request.path(), FeedMessage.FEED_PATH)) {
      follow(request);
    } else if (Objects.equals(request.path(), FeedMessage.KEYS_USED_PATH)) {
      request.body().onSuccess(body -> keysUsed(request, body.toJsonObject()));
    } else if (Objects.equals(request.path(), AccountMembership.PATH)) {
      request.body().onSuccess(body -> memberships(request, body.toString()));
    } else if (Objects.equals(request.path(), SecurityReport.PATH)) {
      request.body().onSuccess(body -> reported(request, SecurityReport.decode(body.getBytes())));
    } else if (Objects.equals(request.path(), UsageReport.PATH)) {
      request.body().onSuccess(body -> used(request, UsageReport.decode(body.getBytes())));
    } else if (Objects.equals(request.path(), MonthlyUse.PATH)) {
      request.response().end(Buffer.buffer(monthlyUse().encode()));
    } else if (Objects.equals(request.path(), EndpointReport.PATH)) {
      request.body().onSuccess(body -> seen(request, EndpointReport.decode(body.getBytes())));
    } else if (Objects.equals(request.path(), ExplainAnswer.PATH)) {
      request.body().onSuccess(body -> explained(request, ExplainAnswer.decode(body.getBytes())));
    } else {
      request.body().onSuccess(body -> applied(request, body.toJsonObject()));
    }
  }

  private void seen(HttpServerRequest request, EndpointReport report) {
    endpoints = Optional.of(report);
    request.response().setStatusCode(204).end();
  }

  /** What a gateway has told last of its endpoints; empty before it has. */
  public Optional<EndpointReport> endpoints() {
    return endpoints;
  }

  private void explained(HttpServerRequest request, ExplainAnswer answer) {
    explained.add(answer);
    request.response().setStatusCode(204).end();
  }

  /** Asks every gateway, and gives what is answered first. */
  public ExplainAnswer ask(ExplainQuestion question) throws InterruptedException {
    broadcast(new FeedMessage.Ask(question));
    ExplainAnswer answer = explained.poll(20, TimeUnit.SECONDS);
    if (answer == null) {
      throw new AssertionError("no answer came");
    }
    return answer;
  }

  private void used(HttpServerRequest request, UsageReport report) {
    int status = usageStatus;
    (status == 204 ? usage : refusedUsage).add(report);
    request.response().setStatusCode(status).end();
  }

  /** What is answered to reports of usage from now on. */
  public void answerUsage(int status) {
    usageStatus = status;
  }

  /** The reports of usage that were taken. */
  public List<UsageReport> usage() {
    return usage;
  }

  /** The reports of usage that were not taken. */
  public List<UsageReport> refusedUsage() {
    return refusedUsage;
  }

  /** What others have used; gateways are told of it with what they have reported themselves. */
  public void monthlyUse(MonthlyUse byOthers) {
    monthlyUse = byOthers;
  }

  private MonthlyUse monthlyUse() {
    MonthlyUse byOthers = monthlyUse;
    return new MonthlyUse(
        byOthers.month(),
        byOthers.tenants().stream()
            .map(used ->
                new MonthlyUse.Used(
                    used.tenant(), used.requests() + reported(used.tenant()), used.bytes()))
            .toList());
  }

  private long reported(UUID tenant) {
    return usage.stream()
        .flatMap(report -> report.routes().stream())
        .filter(one -> one.tenant().equals(tenant))
        .mapToLong(RouteUsage::billable)
        .sum();
  }

  /** Makes a user a member; who the users are, the subject alone says. */
  public void addMember(String subject, AccountMembership membership) {
    memberships.computeIfAbsent(subject, _ -> new CopyOnWriteArrayList<>()).add(membership);
  }

  /** Makes a user a member of nothing. */
  public void removeMember(String subject) {
    memberships.remove(subject);
  }

  /** Makes a user a member of one tenant less. */
  public void removeMember(String subject, UUID tenant) {
    memberships.computeIfPresent(
        subject,
        (_, all) -> {
          all.removeIf(membership -> membership.tenant().equals(tenant));
          return all;
        });
  }

  /** Who has entered which tenant, one after the other. */
  public List<String> entered() {
    return entered;
  }

  private void memberships(HttpServerRequest request, String body) {
    if (request.method().equals(HttpMethod.GET)) {
      JsonArray all = new JsonArray();
      of(String.valueOf(request.getParam("subject")))
          .forEach(one -> all.add(JsonObject.mapFrom(one)));
      request.response().end(JsonObject.of("memberships", all).toBuffer());
      return;
    }
    JsonObject entry = new JsonObject(body);
    of(entry.getString("subject")).stream()
        .filter(one -> one.tenant().toString().equals(entry.getString("tenant")))
        .findFirst()
        .ifPresentOrElse(
            one -> {
              entered.add(entry.getString("subject") + " " + one.slug());
              request.response().end(JsonObject.mapFrom(one).toBuffer());
            },
            () -> request.response().setStatusCode(404).end());
  }

  private List<AccountMembership> of(String subject) {
    return memberships.getOrDefault(subject, List.of());
  }

  private synchronized void follow(HttpServerRequest request) {
    HttpServerResponse response = request.response().setChunked(true);
    String since = snapshotsOnly ? null : request.getParam("since");
    if (since == null) {
      response.write(FeedCodec.encode(new FeedMessage.SnapshotBegin(revision)) + "\n");
    }
    long known = since == null ? -1 : Long.parseLong(since);
    objects.values().stream()
        .filter(upsert -> upsert.revision() > known)
        .forEach(upsert -> response.write(FeedCodec.encode(upsert) + "\n"));
    if (since == null) {
      response.write(FeedCodec.encode(new FeedMessage.SnapshotEnd(revision)) + "\n");
    }
    response.write(FeedCodec.encode(new FeedMessage.Heartbeat(revision)) + "\n");
    followers.add(response);
    response.closeHandler(_ -> forget(response));
  }

  private synchronized void forget(HttpServerResponse response) {
    followers.remove(response);
  }

  private void reported(HttpServerRequest request, SecurityReport report) {
    boolean taken = takesReports;
    if (taken) {
      reports.add(report);
    }
    request.response().setStatusCode(taken ? 204 : 503).end();
  }

  private synchronized void applied(HttpServerRequest request, JsonObject body) {
    applied = body.getLong("revision");
    CountDownLatch before = appliedChanged;
    appliedChanged = new CountDownLatch(1);
    before.countDown();
    request.response().setStatusCode(204).end();
  }

  @Override
  public void close() {
    vertx.close().await();
  }
}

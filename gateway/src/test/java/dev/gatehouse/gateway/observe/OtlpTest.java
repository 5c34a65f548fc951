package dev.gatehouse.gateway.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.contract.edge.EdgeService;
import dev.gatehouse.gateway.Eventually;
import dev.gatehouse.gateway.Platform;
import dev.gatehouse.gateway.Platform.TestTenant;
import dev.gatehouse.gateway.RawClient;
import dev.gatehouse.gateway.observe.otlp.OtlpConfig;
import dev.gatehouse.gateway.observe.tail.TailConfig;
import dev.gatehouse.gateway.observe.trace.IncomingTrace;
import dev.gatehouse.gateway.observe.trace.SampleRatio;
import dev.gatehouse.gateway.observe.trace.TracingConfig;
import io.opentelemetry.proto.metrics.v1.AggregationTemporality;
import io.opentelemetry.proto.metrics.v1.HistogramDataPoint;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.trace.v1.Span;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a gateway sends to a collector. */
@Timeout(90)
class OtlpTest {
  private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
  private static final String PARENT = "00f067aa0ba902b7";
  private static final SampleRatio ALL = new SampleRatio(1);

  private Collector collector;

  @BeforeEach
  void start() throws Exception {
    collector = new Collector();
  }

  @AfterEach
  void stop() {
    collector.close();
  }

  private Platform platform(TracingConfig tracing) throws Exception {
    OtlpConfig otlp =
        new OtlpConfig(
            collector.url(),
            Map.of("Authorization", "Bearer word"),
            Map.of("deployment.environment.name", "test"),
            true,
            true,
            Duration.ofMillis(200),
            Duration.ofSeconds(10));
    ObserveConfig observe =
        new ObserveConfig(
            true, false, MetricsConfig.DEFAULT, tracing, Optional.of(otlp), TailConfig.DEFAULT);
    return new Platform(c -> c.with(observe));
  }

  private static TracingConfig tracing(IncomingTrace incoming, SampleRatio ratio) {
    return new TracingConfig(incoming, ratio, Map.of(), 4096);
  }

  private static RawClient.Response ask(
      Platform platform, TestTenant tenant, String path, String... more) throws Exception {
    String[] lines = new String[more.length + 3];
    lines[0] = "GET " + path + " HTTP/1.1";
    lines[1] = "Host: " + tenant.host();
    lines[2] = "X-API-Key: " + tenant.key().reveal();
    System.arraycopy(more, 0, lines, 3, more.length);
    return RawClient.send(platform.gateway.httpPort(), lines);
  }

  private static String sentParent(Platform platform) {
    return platform.upstream.last().values("traceparent").getFirst();
  }

  private List<Span> spansOf(String traceId, int count) throws Exception {
    Eventually.holds(() -> collector.spans(traceId).size() >= count);
    return collector.spans(traceId);
  }

  private static Span of(List<Span> spans, Span.SpanKind kind) {
    return spans.stream().filter(span -> span.getKind() == kind).findFirst().orElseThrow();
  }

  private static String attribute(Span span, String name) {
    return Collector.attribute(span.getAttributesList(), name);
  }

  @Test
  void sendsWhatPrometheusWouldSee() throws Exception {
    try (Platform platform = platform(tracing(IncomingTrace.CONTINUE, SampleRatio.NONE))) {
      TestTenant tenant = platform.tenant();
      ask(platform, tenant, "/");
      ask(platform, tenant, "/");

      Eventually.holds(() ->
          collector.metric("gatehouse.requests").stream()
              .flatMap(metric -> metric.getHistogram().getDataPointsList().stream())
              .anyMatch(point -> point.getCount() == 2));
      Metric requests = collector.metric("gatehouse.requests").getFirst();
      assertThat(requests.getUnit()).isEqualTo("s");
      assertThat(requests.getHistogram().getAggregationTemporality())
          .isEqualTo(AggregationTemporality.AGGREGATION_TEMPORALITY_CUMULATIVE);
      HistogramDataPoint app =
          requests.getHistogram().getDataPointsList().stream()
              .filter(
                  point -> Collector.attribute(point.getAttributesList(), "service").equals("app"))
              .findFirst()
              .orElseThrow();
      assertThat(Collector.attribute(app.getAttributesList(), "route")).isEqualTo("/*");
      assertThat(Collector.attribute(app.getAttributesList(), "status")).isEqualTo("2xx");
      assertThat(app.getBucketCountsList().stream().mapToLong(Long::longValue).sum()).isEqualTo(2);
      assertThat(app.getBucketCountsCount()).isEqualTo(app.getExplicitBoundsCount() + 1);
      assertThat(app.getExplicitBounds(0)).isEqualTo(0.001);
      assertThat(app.getSum()).isBetween(0.0, 60.0);
      assertThat(collector.metric("gatehouse.tenants").getFirst().getGauge().getDataPoints(0))
          .matches(point -> point.getAsDouble() == 1);
      assertThat(collector.metric("gatehouse.feed.connections").getFirst().getSum())
          .matches(sum -> sum.getIsMonotonic());
      assertThat(collector.resource())
          .containsEntry("service.name", "gatehouse-gateway")
          .containsEntry("deployment.environment.name", "test")
          .containsKey("service.instance.id");
      assertThat(collector.authorizations()).containsOnly("Bearer word");
    }
  }

  @Test
  void recordsARequestAndItsAttempt() throws Exception {
    try (Platform platform = platform(tracing(IncomingTrace.CONTINUE, ALL))) {
      TestTenant tenant = platform.tenant();
      ask(
          platform,
          tenant,
          "/a?secret=1",
          "traceparent: 00-" + TRACE + "-" + PARENT + "-00",
          "tracestate: vendor=1");

      List<Span> spans = spansOf(TRACE, 2);
      assertThat(spans).hasSize(2);
      Span server = of(spans, Span.SpanKind.SPAN_KIND_SERVER);
      Span client = of(spans, Span.SpanKind.SPAN_KIND_CLIENT);
      assertThat(Collector.hex(server.getParentSpanId().toByteArray())).isEqualTo(PARENT);
      assertThat(server.getTraceState()).isEqualTo("vendor=1");
      assertThat(client.getParentSpanId()).isEqualTo(server.getSpanId());
      assertThat(sentParent(platform))
          .isEqualTo("00-" + TRACE + "-" + Collector.hex(client.getSpanId().toByteArray()) + "-01");
      assertThat(platform.upstream.last().values("tracestate")).containsExactly("vendor=1");
      assertThat(server.getName()).isEqualTo("GET /*");
      assertThat(attribute(server, "gatehouse.tenant.slug"))
          .isEqualTo(tenant.edge().slug().value());
      assertThat(attribute(server, "gatehouse.tenant.id")).isEqualTo(tenant.edge().id().toString());
      assertThat(attribute(server, "gatehouse.service")).isEqualTo("app");
      assertThat(attribute(server, "http.route")).isEqualTo("/*");
      assertThat(attribute(server, "http.response.status_code")).isEqualTo("200");
      assertThat(attribute(server, "url.path")).isEqualTo("/a");
      assertThat(attribute(client, "server.port"))
          .isEqualTo(String.valueOf(platform.upstream.port()));
      assertThat(server.getStartTimeUnixNano()).isLessThanOrEqualTo(client.getStartTimeUnixNano());
      assertThat(spans.toString()).doesNotContain("secret");
    }
  }

  @Test
  void callsANewTraceAsTheRequestIsCalled() throws Exception {
    try (Platform platform = platform(tracing(IncomingTrace.CONTINUE, ALL))) {
      TestTenant tenant = platform.tenant();
      RawClient.Response answer =
          RawClient.send(platform.gateway.httpPort(), "GET / HTTP/1.1", "Host: " + tenant.host());
      assertThat(answer.status()).isEqualTo(401);
      String requestId = answer.body().replaceAll(".*\"requestId\":\"([0-9a-f]{32})\".*", "$1");

      Span span = spansOf(requestId, 1).getFirst();
      assertThat(span.getParentSpanId().isEmpty()).isTrue();
      assertThat(attribute(span, "gatehouse.refusal")).isEqualTo("unauthenticated");
    }
  }

  @Test
  void recordsEachAttempt() throws Exception {
    try (Platform platform = platform(tracing(IncomingTrace.CONTINUE, ALL))) {
      String path =
          platform.route(
              EdgeService.of(
                  "half",
                  List.of(
                      new EdgeService.Endpoint("127.0.0.1", 1),
                      new EdgeService.Endpoint("127.0.0.1", platform.upstream.port()))));
      TestTenant tenant = platform.tenant();
      String header = "traceparent: 00-" + TRACE + "-" + PARENT + "-00";
      // Some of them begin at the endpoint that is not there.
      String retried = "gatehouse_requests_retried_total{service=\"half\"}";
      Eventually.holds(() -> {
        ask(platform, tenant, path, header);
        return platform.metrics().contains(retried);
      });

      Eventually.holds(() ->
          attempts().stream()
              .anyMatch(span -> attribute(span, "http.request.resend_count").equals("1")));
      assertThat(attempts())
          .anyMatch(span -> attribute(span, "error.type").equals("failed_connect"));
    }
  }

  private List<Span> attempts() {
    return collector.spans(TRACE).stream()
        .filter(span -> span.getKind() == Span.SpanKind.SPAN_KIND_CLIENT)
        .toList();
  }

  @Test
  void leavesAsItIsWhatIsNotSampled() throws Exception {
    try (Platform platform = platform(tracing(IncomingTrace.CONTINUE, SampleRatio.NONE))) {
      TestTenant tenant = platform.tenant();
      ask(platform, tenant, "/", "traceparent: 00-" + TRACE + "-" + PARENT + "-01");

      assertThat(sentParent(platform)).isEqualTo("00-" + TRACE + "-" + PARENT + "-00");
      assertThat(collector.allSpans()).isEmpty();
    }
  }

  @Test
  void samplesTenantsByRatiosOfTheirOwn() throws Exception {
    // Slugs end in numbers that go up: those of the next tenants are among these.
    int number;
    try (Platform before = new Platform()) {
      String slug = before.tenant().edge().slug().value();
      number = Integer.parseInt(slug.substring(slug.indexOf('-') + 1));
    }
    Map<String, SampleRatio> next =
        IntStream.range(number, number + 100)
            .boxed()
            .collect(Collectors.toMap(each -> "tenant-" + each, _ -> ALL));
    TracingConfig tracing = new TracingConfig(IncomingTrace.CONTINUE, SampleRatio.NONE, next, 4096);
    try (Platform platform = platform(tracing)) {
      ask(platform, platform.tenant(), "/", "traceparent: 00-" + TRACE + "-" + PARENT + "-00");

      assertThat(spansOf(TRACE, 2)).hasSize(2);
    }
  }

  @Test
  void obeysWhoMayDecide() throws Exception {
    try (Platform platform = platform(tracing(IncomingTrace.OBEY, ALL))) {
      TestTenant tenant = platform.tenant();
      ask(platform, tenant, "/", "traceparent: 00-" + TRACE + "-" + PARENT + "-00");
      assertThat(sentParent(platform)).isEqualTo("00-" + TRACE + "-" + PARENT + "-00");
      ask(platform, tenant, "/", "traceparent: 00-" + TRACE + "-" + PARENT + "-01");

      assertThat(spansOf(TRACE, 2)).hasSize(2);
    }
  }

  @Test
  void beginsAnewWhereClientsAreNotTrusted() throws Exception {
    try (Platform platform = platform(tracing(IncomingTrace.RESTART, ALL))) {
      TestTenant tenant = platform.tenant();
      ask(
          platform,
          tenant,
          "/",
          "traceparent: 00-" + TRACE + "-" + PARENT + "-01",
          "tracestate: vendor=1");

      assertThat(sentParent(platform)).doesNotContain(TRACE);
      assertThat(platform.upstream.last().values("tracestate")).isEmpty();
      Span server =
          of(spansOf(sentParent(platform).substring(3, 35), 2), Span.SpanKind.SPAN_KIND_SERVER);
      assertThat(server.getParentSpanId().isEmpty()).isTrue();
      assertThat(Collector.hex(server.getLinks(0).getTraceId().toByteArray())).isEqualTo(TRACE);
      assertThat(Collector.hex(server.getLinks(0).getSpanId().toByteArray())).isEqualTo(PARENT);
    }
  }

  @Test
  void beginsAnewWithoutACollectorToo() throws Exception {
    ObserveConfig observe =
        new ObserveConfig(
            true,
            false,
            MetricsConfig.DEFAULT,
            tracing(IncomingTrace.RESTART, ALL),
            Optional.empty(),
            TailConfig.DEFAULT);
    try (Platform platform = new Platform(c -> c.with(observe))) {
      ask(platform, platform.tenant(), "/", "traceparent: 00-" + TRACE + "-" + PARENT + "-01");

      assertThat(sentParent(platform)).doesNotContain(TRACE).endsWith("-00");
    }
  }

  @Test
  void servesWhileTheCollectorIsAway() throws Exception {
    collector.answer(503);
    try (Platform platform = platform(tracing(IncomingTrace.CONTINUE, ALL))) {
      TestTenant tenant = platform.tenant();
      assertThat(ask(platform, tenant, "/").status()).isEqualTo(200);
      String failed = "gatehouse_otlp_exports_total{outcome=\"failed\",signal=\"traces\"} ";
      Eventually.holds(() ->
          platform
              .metrics()
              .lines()
              .anyMatch(line -> line.startsWith(failed) && !line.endsWith(" 0.0")));
      collector.answer(200);
      ask(platform, tenant, "/", "traceparent: 00-" + TRACE + "-" + PARENT + "-00");

      assertThat(spansOf(TRACE, 2)).hasSize(2);
    }
  }

  @Test
  void dropsSpansForWhichThereIsNoRoom() throws Exception {
    collector.answer(503);
    TracingConfig tracing = new TracingConfig(IncomingTrace.CONTINUE, ALL, Map.of(), 1);
    try (Platform platform = platform(tracing)) {
      TestTenant tenant = platform.tenant();
      for (int i = 0; i < 20; i++) {
        ask(platform, tenant, "/");
      }

      String dropped = "gatehouse_trace_spans_total{outcome=\"dropped\"} ";
      Eventually.holds(() ->
          platform
              .metrics()
              .lines()
              .anyMatch(line -> line.startsWith(dropped) && !line.endsWith(" 0.0")));
    }
  }
}

package dev.gatehouse.gateway.observe;

import com.google.protobuf.InvalidProtocolBufferException;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/** A collector that keeps what it is sent by OTLP over HTTP. */
final class Collector implements AutoCloseable {
  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final List<ExportMetricsServiceRequest> metrics = new CopyOnWriteArrayList<>();
  private final List<ExportTraceServiceRequest> traces = new CopyOnWriteArrayList<>();
  private final List<String> authorizations = new CopyOnWriteArrayList<>();
  private volatile int status = 200;

  Collector() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext(
        "/v1/metrics",
        exchange ->
            take(exchange, body -> metrics.add(ExportMetricsServiceRequest.parseFrom(body))));
    server.createContext(
        "/v1/traces",
        exchange -> take(exchange, body -> traces.add(ExportTraceServiceRequest.parseFrom(body))));
    server.start();
  }

  URI url() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  /** From now on it answers so. */
  void answer(int with) {
    status = with;
  }

  private void take(HttpExchange exchange, Taker taker) throws IOException {
    try (InputStream in = exchange.getRequestBody()) {
      boolean zipped = "gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"));
      byte[] body = zipped ? new GZIPInputStream(in).readAllBytes() : in.readAllBytes();
      authorizations.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
      if (status == 200) {
        taker.take(body);
      }
    }
    exchange.getResponseHeaders().set("Content-Type", "application/x-protobuf");
    exchange.sendResponseHeaders(status, -1);
    exchange.close();
  }

  List<String> authorizations() {
    return authorizations;
  }

  /** What was said last of a metric; empty if nothing yet. */
  List<Metric> metric(String name) {
    return metrics.reversed().stream()
        .limit(1)
        .flatMap(request -> request.getResourceMetricsList().stream())
        .flatMap(resource -> resource.getScopeMetricsList().stream())
        .flatMap(scope -> scope.getMetricsList().stream())
        .filter(metric -> metric.getName().equals(name))
        .toList();
  }

  /** What is said of the process. */
  Map<String, String> resource() {
    return metrics.getLast().getResourceMetrics(0).getResource().getAttributesList().stream()
        .collect(Collectors.toMap(KeyValue::getKey, pair -> pair.getValue().getStringValue()));
  }

  private Stream<Span> spans() {
    return traces.stream()
        .flatMap(request -> request.getResourceSpansList().stream())
        .flatMap(resource -> resource.getScopeSpansList().stream())
        .flatMap(scope -> scope.getSpansList().stream());
  }

  /** The spans of a trace. */
  List<Span> spans(String traceId) {
    return spans().filter(span -> hex(span.getTraceId().toByteArray()).equals(traceId)).toList();
  }

  /** All spans. */
  List<Span> allSpans() {
    return spans().toList();
  }

  static String hex(byte[] bytes) {
    return java.util.HexFormat.of().formatHex(bytes);
  }

  /** An attribute as text; empty if there is none. */
  static String attribute(Collection<KeyValue> attributes, String name) {
    return attributes.stream()
        .filter(pair -> pair.getKey().equals(name))
        .map(pair ->
            pair.getValue().hasStringValue()
                ? pair.getValue().getStringValue()
                : String.valueOf(pair.getValue().getIntValue()))
        .findFirst()
        .orElse("");
  }

  @Override
  public void close() {
    server.stop(0);
    threads.close();
  }

  private interface Taker {
    void take(byte[] body) throws InvalidProtocolBufferException;
  }
}

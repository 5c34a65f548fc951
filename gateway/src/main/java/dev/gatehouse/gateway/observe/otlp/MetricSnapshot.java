package dev.gatehouse.gateway.observe.otlp;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Statistic;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.distribution.CountAtBucket;
import io.micrometer.core.instrument.distribution.HistogramSnapshot;
import io.micrometer.core.instrument.distribution.HistogramSupport;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.sdk.common.InstrumentationScopeInfo;
import io.opentelemetry.sdk.metrics.data.AggregationTemporality;
import io.opentelemetry.sdk.metrics.data.Data;
import io.opentelemetry.sdk.metrics.data.DoublePointData;
import io.opentelemetry.sdk.metrics.data.GaugeData;
import io.opentelemetry.sdk.metrics.data.HistogramData;
import io.opentelemetry.sdk.metrics.data.HistogramPointData;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.metrics.data.MetricDataType;
import io.opentelemetry.sdk.metrics.data.SumData;
import io.opentelemetry.sdk.resources.Resource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * What {@code /metrics} shows, as OTLP says it: the same meters, counted once. Counters and
 * histograms are cumulative from the start of the process on; times are in seconds.
 */
final class MetricSnapshot {
  private static final InstrumentationScopeInfo SCOPE =
      InstrumentationScopeInfo.create("dev.gatehouse.gateway");

  private final Resource resource;
  private final long startNanos;
  private final long nowNanos;
  private final Map<String, Series> byName = new LinkedHashMap<>();

  private MetricSnapshot(Resource resource, long startNanos, long nowNanos) {
    this.resource = resource;
    this.startNanos = startNanos;
    this.nowNanos = nowNanos;
  }

  /**
   * Reads all meters.
   *
   * @param startNanos since when counters count, in nanoseconds since the epoch
   */
  static Collection<MetricData> of(
      MeterRegistry registry, Resource resource, long startNanos, long nowNanos) {
    MetricSnapshot snapshot = new MetricSnapshot(resource, startNanos, nowNanos);
    registry.getMeters().forEach(snapshot::add);
    return snapshot.byName.values().stream().map(snapshot::dataOf).toList();
  }

  private void add(Meter meter) {
    switch (meter.getId().getType()) {
      case COUNTER -> each(meter, Kind.SUM);
      case GAUGE -> each(meter, Kind.GAUGE);
      case TIMER, DISTRIBUTION_SUMMARY -> {
        if (meter instanceof HistogramSupport histogram) {
          addHistogram(meter, histogram.takeSnapshot());
        }
      }
      default -> {
        // Long tasks and meters with several figures: there are none here.
      }
    }
  }

  private void each(Meter meter, Kind kind) {
    meter
        .measure()
        .forEach(measurement -> {
          boolean sum = kind == Kind.SUM && measurement.getStatistic() == Statistic.COUNT;
          double value = measurement.getValue();
          if ((sum || kind == Kind.GAUGE) && Double.isFinite(value)) {
            Attributes attributes = attributesOf(meter);
            seriesOf(meter, kind)
                .points
                .add(
                    DoublePointData.create(
                        kind == Kind.SUM ? startNanos : nowNanos,
                        nowNanos,
                        attributes,
                        value,
                        List.of()));
          }
        });
  }

  private void addHistogram(Meter meter, HistogramSnapshot snapshot) {
    boolean timer = meter.getId().getType() == Meter.Type.TIMER;
    double sum = timer ? snapshot.total(TimeUnit.SECONDS) : snapshot.total();
    List<Double> bounds = new ArrayList<>();
    List<Long> counts = new ArrayList<>();
    long below = 0;
    for (CountAtBucket bucket : snapshot.histogramCounts()) {
      double bound = timer ? bucket.bucket(TimeUnit.SECONDS) : bucket.bucket();
      if (Double.isInfinite(bound) || bound >= Long.MAX_VALUE / 1e9) {
        continue;
      }
      long upTo = (long) bucket.count();
      bounds.add(bound);
      counts.add(Math.max(0, upTo - below));
      below = Math.max(below, upTo);
    }
    counts.add(Math.max(0, snapshot.count() - below));
    seriesOf(meter, Kind.HISTOGRAM)
        .histograms
        .add(
            HistogramPointData.create(
                startNanos,
                nowNanos,
                attributesOf(meter),
                sum,
                false,
                0,
                false,
                0,
                bounds,
                counts));
  }

  private Series seriesOf(Meter meter, Kind kind) {
    Meter.Id id = meter.getId();
    String unit =
        meter.getId().getType() == Meter.Type.TIMER
            ? "s"
            : unitOf(String.valueOf(id.getBaseUnit()));
    return byName.computeIfAbsent(
        id.getName(),
        name ->
            new Series(
                name,
                String.valueOf(id.getDescription()),
                unit,
                kind,
                new ArrayList<>(),
                new ArrayList<>()));
  }

  /** As UCUM calls it. */
  private static String unitOf(String unit) {
    return switch (unit) {
      case "seconds" -> "s";
      case "milliseconds" -> "ms";
      case "bytes" -> "By";
      default -> "1";
    };
  }

  private static Attributes attributesOf(Meter meter) {
    AttributesBuilder attributes = Attributes.builder();
    for (Tag tag : meter.getId().getTagsAsIterable()) {
      attributes.put(tag.getKey(), tag.getValue());
    }
    return attributes.build();
  }

  private MetricData dataOf(Series series) {
    return switch (series.kind) {
      case SUM ->
          metric(
              series,
              MetricDataType.DOUBLE_SUM,
              SumData.createDoubleSumData(true, AggregationTemporality.CUMULATIVE, series.points));
      case GAUGE ->
          metric(
              series, MetricDataType.DOUBLE_GAUGE, GaugeData.createDoubleGaugeData(series.points));
      case HISTOGRAM ->
          metric(
              series,
              MetricDataType.HISTOGRAM,
              HistogramData.create(AggregationTemporality.CUMULATIVE, series.histograms));
    };
  }

  private Metric metric(Series series, MetricDataType type, Data<?> data) {
    return new Metric(resource, SCOPE, series.name, series.description, series.unit, type, data);
  }

  private enum Kind {
    SUM,
    GAUGE,
    HISTOGRAM
  }

  private record Series(
      String name,
      String description,
      String unit,
      Kind kind,
      List<DoublePointData> points,
      List<HistogramPointData> histograms) {}

  private record Metric(
      Resource resource,
      InstrumentationScopeInfo scope,
      String name,
      String description,
      String unit,
      MetricDataType type,
      Data<?> data)
      implements MetricData {
    @Override
    public Resource getResource() {
      return resource;
    }

    @Override
    public InstrumentationScopeInfo getInstrumentationScopeInfo() {
      return scope;
    }

    @Override
    public String getName() {
      return name;
    }

    @Override
    public String getDescription() {
      return description;
    }

    @Override
    public String getUnit() {
      return unit;
    }

    @Override
    public MetricDataType getType() {
      return type;
    }

    @Override
    public Data<?> getData() {
      return data;
    }
  }
}

package dev.gatehouse.loadtests.directory;

import org.HdrHistogram.Histogram;

/**
 * How long requests of one kind took, from the first byte sent to the last one read.
 *
 * @param query what was asked
 */
record Latencies(
    String query, long requests, double p50Millis, double p95Millis, double p99Millis) {
  static Latencies of(String query, Histogram nanos) {
    return new Latencies(
        query,
        nanos.getTotalCount(),
        nanos.getValueAtPercentile(50) / 1e6,
        nanos.getValueAtPercentile(95) / 1e6,
        nanos.getValueAtPercentile(99) / 1e6);
  }
}

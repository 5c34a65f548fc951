package dev.gatehouse.gateway.compress;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(10)
class AcceptEncodingTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "gzip",
        "GZIP",
        "x-gzip",
        "*",
        "gzip, deflate, br",
        "br;q=1.0, gzip;q=0.8, *;q=0.1",
        "gzip ; q=0.001",
        "identity;q=0.5, gzip;q=0.5",
        "identity;q=0, *",
      })
  void takesGzip(String header) {
    assertThat(AcceptEncoding.takesGzip(header)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "br",
        "gzip;q=0",
        "gzip;q=0.000, *",
        "*;q=0",
        "identity, gzip;q=0.5",
        "gzip;q=2",
        "gzip;q=0.1234",
        "gzip;level=9",
        "gzip;q=1;x=y",
        "gzipped",
      })
  void doesNotTakeGzip(String header) {
    assertThat(AcceptEncoding.takesGzip(header)).isFalse();
  }
}

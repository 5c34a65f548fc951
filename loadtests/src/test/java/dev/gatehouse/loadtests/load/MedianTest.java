package dev.gatehouse.loadtests.load;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class MedianTest {
  @Test
  void isTheMiddleWhateverTheOrder() {
    assertThat(Median.of(9, 1, 5)).isEqualTo(5);
    assertThat(Median.of(8, 4)).isEqualTo(6);
    assertThat(Median.of()).isNaN();
  }
}

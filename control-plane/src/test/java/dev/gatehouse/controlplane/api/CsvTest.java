package dev.gatehouse.controlplane.api;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CsvTest {
  @ParameterizedTest
  @ValueSource(strings = {"=cmd|' /C calc'!A0", "+1", "-1", "@SUM(A1)", "\tx"})
  void makesTextOfWhatLooksLikeAFormula(String field) {
    Csv csv = new Csv("a");
    csv.row(field);
    assertThat(csv.take()).isEqualTo("a\r\n'" + field + "\r\n");
  }

  @Test
  void quotesWhatWouldBreakARow() {
    Csv csv = new Csv("a", "b");
    csv.row("x,y", "say \"no\"");
    csv.row("=a\r\nb", "");
    assertThat(csv.take()).isEqualTo("a,b\r\n\"x,y\",\"say \"\"no\"\"\"\r\n\"'=a\r\nb\",\r\n");
    assertThat(csv.take()).isEmpty();
  }
}

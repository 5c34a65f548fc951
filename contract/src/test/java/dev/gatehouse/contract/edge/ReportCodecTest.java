package dev.gatehouse.contract.edge;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is said of a report that cannot be read: where it is wrong, and no names of classes. */
class ReportCodecTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"gateway":"a b","services":[],"omitted":0}                                  | gateway must match
          {"gateway":"gw","services":7,"omitted":0}                                    | at /services: it is missing
          {"gateway":"gw","services":[],"omitted":"many"}                              | at /omitted: it is missing
          {"gateway":"gw","services":[{"service":"","endpoints":[]}],"omitted":0}      | at /services/0: service
          {"gateway":"gw","services":[{"service":"a","endpoints":[7]}],"omitted":0}    | at /services/0/endpoints/0
          {"services":[],"omitted":0}                                                  | at /gateway: it is missing
          {"gateway":                                                                  | end-of-input
          null                                                                         | null
          """)
  void saysWhere(String json, String expected) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> EndpointReport.decode(json.getBytes(UTF_8)))
        .withMessageContaining(expected)
        .withMessageNotContainingAny("dev.gatehouse", "java.", "class");
  }
}

package dev.gatehouse.contract.edge;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a control plane takes for an explanation: it is told to people as it is. */
class ExplainAnswerTest {
  private static final String STEP =
      "{\"stage\":\"admit\",\"passed\":true,\"because\":\"it is fine\",\"facts\":{}}";

  @Test
  void takesStepsThatSayWhatTheyDecided() {
    assertThat(read("{\"verdict\":\"refused\",\"steps\":[" + STEP + "]}").explanation())
        .isPresent();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"verdict\":\"refused\"}",
        "{\"verdict\":7,\"steps\":[]}",
        "{\"verdict\":\"refused\",\"steps\":{}}",
        "{\"verdict\":\"refused\",\"steps\":[null]}",
        "{\"verdict\":\"refused\",\"steps\":[\"admit\"]}",
        "{\"verdict\":\"refused\",\"steps\":[{\"stage\":\"admit\",\"passed\":true,\"because\":\"x\"}]}",
        "{\"verdict\":\"refused\",\"steps\":[{\"stage\":1,\"passed\":true,\"because\":\"x\",\"facts\":{}}]}",
        "{\"verdict\":\"refused\",\"steps\":[{\"stage\":\"a\",\"passed\":1,\"because\":\"x\",\"facts\":{}}]}"
      })
  void refusesAnExplanationOfAnotherShape(String explanation) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> read(explanation))
        .withMessageContaining("steps");
  }

  private static ExplainAnswer read(String explanation) {
    return ExplainAnswer.decode(
        ("{\"gateway\":\"gw\",\"id\":\"00000000-0000-0000-0000-000000000001\",\"explanation\":"
                + explanation
                + "}")
            .getBytes(UTF_8));
  }
}

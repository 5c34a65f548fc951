package dev.gatehouse.gateway.outside;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.gateway.Platform;
import dev.gatehouse.gateway.forward.ForwardConfig;
import dev.gatehouse.gateway.outside.Curl.Answer;
import dev.gatehouse.gateway.outside.Curl.Protocol;
import dev.gatehouse.gateway.outside.Fault.Outcome;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Upstreams that break the rules. Each time the client learns what its protocol can tell, nothing
 * of it is held at the gateway afterwards, and the next request is served.
 */
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class UpstreamFaultsIT {
  private static final String SHORT_WAIT = ",\"responseTimeout\":\"PT0.5S\"";

  private Platform platform;
  private Curl curl;

  @BeforeAll
  void start() throws Exception {
    platform =
        Platform.withTls(
            Platform.patience(ForwardConfig.DEFAULT.clientIdle(), Duration.ofSeconds(1)));
    curl = new Curl(platform, platform.tenant());
  }

  @AfterAll
  void stop() {
    platform.close();
  }

  static Stream<Arguments> faults() {
    return EnumSet.allOf(Fault.class).stream()
        .flatMap(fault ->
            Stream.of(Protocol.HTTP_1_1, Protocol.HTTP_2_TLS)
                .map(protocol -> Arguments.of(fault, protocol)));
  }

  @ParameterizedTest
  @MethodSource("faults")
  void tellsTheClientAndHoldsNothing(Fault fault, Protocol protocol) throws Exception {
    assertToldAndNothingHeld(fault, protocol);
  }

  static Stream<Arguments> http2Faults() {
    return EnumSet.allOf(Http2Fault.class).stream()
        .flatMap(fault ->
            Stream.of(Protocol.HTTP_1_1, Protocol.HTTP_2_TLS)
                .map(protocol -> Arguments.of(fault, protocol)));
  }

  /** A stream that went wrong leaves its connection to the others. */
  @ParameterizedTest
  @MethodSource("http2Faults")
  void tellsTheClientOfAFaultInHttp2(Http2Fault fault, Protocol protocol) throws Exception {
    try (FaultyUpstream upstream = new FaultyUpstream(fault.script())) {
      assertTold(fault.outcome(), protocol, upstream, ",\"protocol\":\"h2\"");
    }
  }

  private void assertToldAndNothingHeld(Fault fault, Protocol protocol) throws Exception {
    try (FaultyUpstream upstream = new FaultyUpstream(fault.script())) {
      assertTold(fault.outcome(), protocol, upstream, "");
      upstream.awaitNoneOpen();
    }
  }

  private void assertTold(
      Outcome outcome, Protocol protocol, FaultyUpstream upstream, String settings)
      throws Exception {
    // Where the wait must not end before the fault is seen, a slow machine gets its time.
    String wait = outcome.statuses().contains(504) ? SHORT_WAIT : "";
    String path =
        platform.route(Services.of("fault-" + UUID.randomUUID(), upstream.port(), settings + wait));

    List<Answer> answers = curl.sendEach(protocol, List.of(path, "/next"));

    assertOutcome(answers.getFirst(), outcome);
    assertThat(answers.getLast().exit()).isZero();
    assertThat(answers.getLast().status()).isEqualTo(200);
    assertThat(answers.getLast().json().getString("uri")).isEqualTo("/next");
    ForwardGauges.awaitNothingInFlight(platform);
  }

  private static void assertOutcome(Answer answer, Outcome outcome) {
    if (answer.exit() != 0) {
      // 18 and 92: the connection, or the stream, ended before the response did. 52: before it
      // began, as nothing of its body had come. 56: it was reset.
      assertThat(answer.exit()).as(answer.toString()).isIn(18, 52, 56, 92);
      assertThat(outcome.statuses()).as(answer.toString()).contains(0);
      return;
    }
    assertThat(outcome.statuses()).as(answer.toString()).contains(answer.status());
    if (answer.status() == 200) {
      assertThat(answer.body()).isEqualTo(outcome.body());
    } else {
      assertThat(answer.header("Proxy-Status")).matches("gatehouse; error=" + outcome.error());
    }
  }
}

package dev.gatehouse.contract.security;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatehouse.contract.security.EgressTaken.Figure;
import dev.gatehouse.contract.security.SecurityEvent.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SecurityReportTest {
  private static final Instant FROM = Instant.parse("2026-11-27T16:00:00Z");
  private static final Instant TO = FROM.plusSeconds(60);
  private static final SecurityReport REPORT =
      new SecurityReport(
          "gw-a",
          UUID.fromString("7d0c3a52-0b3c-4f6e-9f0e-2f6a4f0f7a11"),
          3,
          List.of(
              new SecurityEvent(
                  Kind.FOREIGN_CREDENTIAL,
                  Optional.of(UUID.fromString("01a20a9f-18fc-73d1-8041-0703a8d50c1c")),
                  "192.0.2.7",
                  FROM,
                  TO,
                  12),
              new SecurityEvent(Kind.PROBING_HOSTS, Optional.empty(), "2001:db8::1", FROM, TO, 400),
              new SecurityEvent(
                  Kind.EGRESS_CUT_OFF,
                  Optional.of(UUID.fromString("01a20a9f-18fc-73d1-8041-0703a8d50c1c")),
                  "192.0.2.9",
                  FROM,
                  TO,
                  1,
                  Optional.of(
                      new EgressTaken(
                          Optional.of("9f86d081884c7d659a2feaa0c55ad015"),
                          EgressTaken.Span.WINDOW,
                          new Figure(
                              734003200, OptionalLong.of(31457280), OptionalLong.of(52428800)),
                          new Figure(900, OptionalLong.empty(), OptionalLong.empty()))))),
          5);

  @Test
  void isReadAndWrittenAsAgreed() throws IOException {
    byte[] golden;
    try (InputStream in = SecurityReportTest.class.getResourceAsStream("/security/report.json")) {
      golden = in.readAllBytes();
    }
    ObjectMapper json = new ObjectMapper();
    assertThat(json.readTree(REPORT.encode())).isEqualTo(json.readTree(golden));
    assertThat(SecurityReport.decode(golden)).isEqualTo(REPORT);
  }

  @Test
  void ignoresWhatANewerGatewaySaysBesides() {
    String newer =
        new String(REPORT.encode(), UTF_8).replace("{\"gateway\"", "{\"a\":1,\"gateway\"");
    assertThat(SecurityReport.decode(newer.getBytes(UTF_8))).isEqualTo(REPORT);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "null",
        "[]",
        "{}",
        "\"gateway\":\"gw-a\"/\"gateway\":\"a b\"",
        "\"sequence\":3/\"sequence\":0",
        "\"dropped\":5/\"dropped\":-1",
        "\"count\":12/\"count\":0",
        "\"address\":\"192.0.2.7\"/\"address\":\"a\\r\\nb\"",
        "foreign-credential/no-such-kind",
        "9f86d081884c7d65/someone@example.com",
        "\"span\":\"window\"/\"span\":\"year\"",
        "\"run\":\"7d0c3a52/\"run\":\"x",
        "\"events\":[/\"events\":[null,",
      })
  void refusesWhatIsNoReport(String change) {
    String json = new String(REPORT.encode(), UTF_8);
    String[] replaced = change.split("/", 2);
    String wrong = replaced.length == 2 ? json.replace(replaced[0], replaced[1]) : change;
    assertThat(wrong).isNotEqualTo(json);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SecurityReport.decode(wrong.getBytes(UTF_8)));
  }

  @Test
  void refusesMoreEventsThanAReportMayHave() {
    List<SecurityEvent> many = Collections.nCopies(101, REPORT.events().getFirst());
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new SecurityReport("gw", REPORT.run(), 1, many, 0));
  }
}

package dev.gatehouse.gateway.outside;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.gateway.Platform;
import dev.gatehouse.gateway.Platform.TestTenant;
import dev.gatehouse.gateway.outside.Curl.Answer;
import dev.gatehouse.gateway.outside.Curl.Protocol;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What comes before, in the midst of and after a response, between curl and Node. */
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StreamingIT {
  private Platform platform;
  private Curl curl;
  private NodeUpstream node;
  private String http1;
  private String http2;

  @BeforeAll
  void start() throws Exception {
    platform = Platform.withTls();
    TestTenant tenant = platform.tenant();
    curl = new Curl(platform, tenant);
    node = new NodeUpstream();
    http1 = platform.route(Services.http1("node", node.http1Port()));
    http2 = platform.route(Services.http2("node-h2", node.http2Port()));
  }

  @AfterAll
  void stop() {
    platform.close();
    node.close();
  }

  @ParameterizedTest
  @EnumSource(Protocol.class)
  void passesEachEventOnWhileTheStreamIsOpen(Protocol protocol) throws Exception {
    assertEventsArriveOneByOne(protocol, http1);
  }

  @ParameterizedTest
  @EnumSource(Protocol.class)
  void passesEachEventOnFromHttp2WhileTheStreamIsOpen(Protocol protocol) throws Exception {
    assertEventsArriveOneByOne(protocol, http2);
  }

  /** The second event is not sent before the first has arrived. */
  private void assertEventsArriveOneByOne(Protocol protocol, String path) throws Exception {
    String id = UUID.randomUUID().toString();
    Process stream = curl.start(protocol, path + "?mode=events&id=" + id);
    try (BufferedReader events =
        new BufferedReader(
            new InputStreamReader(stream.getInputStream(), StandardCharsets.US_ASCII))) {
      assertThat(events.readLine()).isEqualTo("data: one");
      assertThat(events.readLine()).isEmpty();
      assertThat(curl.send(protocol, path + "?mode=release&id=" + id).body()).isEqualTo("released");
      assertThat(events.readLine()).isEqualTo("data: two");
      assertThat(events.readLine()).isEmpty();
      assertThat(events.readLine()).isNull();
      assertThat(stream.waitFor(10, TimeUnit.SECONDS)).isTrue();
      assertThat(stream.exitValue()).isZero();
    } finally {
      stream.destroy();
    }
  }

  @ParameterizedTest
  @EnumSource(Protocol.class)
  void passesEarlyHintsOn(Protocol protocol) throws Exception {
    assertHintsArrive(curl.send(protocol, http1 + "?mode=hints"));
  }

  @ParameterizedTest
  @EnumSource(Protocol.class)
  void passesEarlyHintsOnFromHttp2(Protocol protocol) throws Exception {
    assertHintsArrive(curl.send(protocol, http2 + "?mode=hints"));
  }

  private static void assertHintsArrive(Answer answer) {
    assertThat(answer.exit()).isZero();
    assertThat(answer.heads()).hasSize(2);
    assertThat(answer.heads().getFirst())
        .containsPattern("^HTTP/\\S+ 103")
        .containsIgnoringCase("link: </style.css>; rel=preload; as=style");
    assertThat(answer.heads().getLast()).containsPattern("^HTTP/\\S+ 200");
    assertThat(answer.body()).isEqualTo("hinted");
  }

  @ParameterizedTest
  @EnumSource(Protocol.class)
  void passesTrailersOn(Protocol protocol) throws Exception {
    assertTrailersArrive(curl.send(protocol, http1 + "?mode=trailers"));
  }

  @ParameterizedTest
  @EnumSource(Protocol.class)
  void passesTrailersOnFromHttp2(Protocol protocol) throws Exception {
    assertTrailersArrive(curl.send(protocol, http2 + "?mode=trailers"));
  }

  private static void assertTrailersArrive(Answer answer) {
    assertThat(answer.exit()).isZero();
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.heads()).hasSize(2);
    assertThat(answer.heads().getLast().strip()).isEqualToIgnoringCase("X-Checksum: abc");
    assertThat(answer.body()).isEqualTo("{}");
  }
}

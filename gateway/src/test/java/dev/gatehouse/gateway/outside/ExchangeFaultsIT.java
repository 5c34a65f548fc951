package dev.gatehouse.gateway.outside;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.contract.edge.EdgeService;
import dev.gatehouse.gateway.Platform;
import dev.gatehouse.gateway.Platform.TestTenant;
import dev.gatehouse.gateway.outside.Curl.Answer;
import dev.gatehouse.gateway.outside.Curl.Protocol;
import dev.gatehouse.gateway.outside.FaultyUpstream.Connection;
import dev.gatehouse.gateway.outside.FaultyUpstream.Script;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Faults that depend on what the client sends, or on what went over the connection before. */
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ExchangeFaultsIT {
  private static final String SHORT_CONNECT = ",\"connectTimeout\":\"PT0.5S\"";
  private static final int MEGABYTES = 8 << 20;

  private Platform platform;
  private TestTenant tenant;
  private Curl curl;
  private String body;

  @BeforeAll
  void start(@TempDir Path folder) throws Exception {
    platform = Platform.withTls();
    tenant = platform.tenant();
    curl = new Curl(platform, tenant);
    Path file = folder.resolve("body");
    Files.write(file, new byte[MEGABYTES]);
    body = "@" + file;
  }

  @AfterAll
  void stop() {
    platform.close();
  }

  /** What a client does while its upstream follows a script. */
  private interface Client {
    void run(String path) throws Exception;
  }

  private void against(Script script, Client client) throws Exception {
    try (FaultyUpstream upstream = new FaultyUpstream(script)) {
      client.run(platform.route(Services.http1(name(), upstream.port())));
    }
  }

  /** The same, and nothing is held afterwards. */
  private void againstWithoutRest(Script script, Client client) throws Exception {
    try (FaultyUpstream upstream = new FaultyUpstream(script)) {
      client.run(platform.route(Services.http1(name(), upstream.port())));
      upstream.awaitNoneOpen();
      ForwardGauges.awaitNothingInFlight(platform);
    }
  }

  private static String name() {
    return "fault-" + UUID.randomUUID();
  }

  /** Whether the upstream then closes the connection or not. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void passesOnAnAnswerThatComesBeforeTheBody(boolean closes) throws Exception {
    againstWithoutRest(
        refuseEarly(closes),
        path -> {
          Answer answer = curl.send(Protocol.HTTP_1_1, path, "--data-binary", body);
          assertThat(answer.status()).as(answer.toString()).isEqualTo(413);
          assertThat(answer.body()).as(answer.toString()).isEqualTo("big");
        });
  }

  /** RFC 9113 section 8.1: the whole response, then RST_STREAM with NO_ERROR. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void passesOnAnAnswerThatComesBeforeTheBodyInHttp2(boolean closes) throws Exception {
    againstWithoutRest(
        refuseEarly(closes),
        path -> {
          String frames =
              LoadToolsIT.run(
                  Program.NGHTTP.path(),
                  "--verbose",
                  "--data=" + body.substring(1),
                  "--header=:authority: " + tenant.host(),
                  "--header=X-API-Key: " + tenant.key().reveal(),
                  "http://127.0.0.1:" + platform.gateway.httpPort() + path);
          assertThat(frames)
              .containsSubsequence(
                  ":status: 413", "big", "END_STREAM", "RST_STREAM", "NO_ERROR(0x00)");
        });
  }

  private static Script refuseEarly(boolean closes) {
    return connection -> {
      connection.readHead();
      connection.send("HTTP/1.1 413 Too Large\r\nContent-Length: 3\r\n\r\nbig");
      if (closes) {
        // A close would let the kernel reset the connection: the body is not read.
        connection.socket().shutdownOutput();
      }
      connection.awaitEnd();
    };
  }

  @Test
  void answers502WhenTheUpstreamResetsWithinTheRequestsBody() throws Exception {
    againstWithoutRest(
        connection -> {
          connection.readHead();
          connection.reset();
        },
        path -> {
          Answer answer = curl.send(Protocol.HTTP_1_1, path, "--data-binary", body);
          assertThat(answer.status()).as(answer.toString()).isEqualTo(502);
        });
  }

  @ParameterizedTest
  @EnumSource(Protocol.class)
  void cancelsTheUpstreamWhenTheClientLeavesWithinTheResponse(Protocol protocol) throws Exception {
    againstWithoutRest(
        connection -> {
          connection.readHead();
          connection.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
          connection.awaitEnd();
        },
        path -> {
          Process client = curl.start(protocol, path);
          byte[] read = client.getInputStream().readNBytes(4);
          client.destroyForcibly();
          assertThat(new String(read, StandardCharsets.US_ASCII)).isEqualTo("half");
        });
  }

  @Test
  void sendsAGetAgainWhenTheConnectionClosesAsItArrives() throws Exception {
    against(
        ExchangeFaultsIT::closeAsTheSecondRequestArrives,
        path -> {
          List<Answer> answers = curl.sendEach(Protocol.HTTP_1_1, List.of(path, path));
          assertThat(answers).extracting(Answer::status).containsExactly(200, 200);
          assertThat(answers.getLast().body()).isEqualTo("from connection 2");
        });
  }

  @Test
  void servesEveryGetOfAnUpstreamThatClosesWithoutAWord() throws Exception {
    against(
        connection -> {
          connection.readHead();
          connection.answer("ok");
        },
        path -> {
          List<Answer> answers = curl.sendEach(Protocol.HTTP_1_1, Collections.nCopies(50, path));
          assertThat(answers).extracting(Answer::status).containsOnly(200);
        });
  }

  @Test
  void sendsNoPostAgain() throws Exception {
    try (FaultyUpstream upstream =
        new FaultyUpstream(ExchangeFaultsIT::closeAsTheSecondRequestArrives)) {
      String path = platform.route(Services.http1(name(), upstream.port()));

      List<Answer> answers =
          curl.sendEach(Protocol.HTTP_1_1, List.of(path, path), "--data", "pay once");

      assertThat(answers).extracting(Answer::status).containsExactly(200, 502);
      assertThat(upstream.accepted()).isEqualTo(1);
    }
  }

  private static void closeAsTheSecondRequestArrives(Connection connection) throws IOException {
    connection.readHead();
    if (connection.number() == 1) {
      connection
          .socket()
          .getInputStream()
          .readNBytes(connection.socket().getInputStream().available());
      connection.answer("from connection 1");
      connection.readHead();
      return;
    }
    connection.answer("from connection " + connection.number());
    connection.awaitEnd();
  }

  @ParameterizedTest
  @EnumSource(Protocol.class)
  void answers504WhenTheTlsHandshakeNeverEnds(Protocol protocol) throws Exception {
    Answer answer = sendUnderTls(Connection::awaitEnd, protocol);

    assertThat(answer.status()).isEqualTo(504);
    assertThat(answer.header("Proxy-Status")).isEqualTo("gatehouse; error=connection_timeout");
  }

  @ParameterizedTest
  @EnumSource(Protocol.class)
  void answers502WhenTheUpstreamSpeaksNoTls(Protocol protocol) throws Exception {
    Answer answer =
        sendUnderTls(
            connection -> {
              connection.send("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
              connection.awaitEnd();
            },
            protocol);

    assertThat(answer.status()).isEqualTo(502);
    assertThat(answer.header("Proxy-Status")).isEqualTo("gatehouse; error=tls_protocol_error");
  }

  private Answer sendUnderTls(Script script, Protocol protocol) throws Exception {
    try (FaultyUpstream upstream = new FaultyUpstream(script)) {
      EdgeService service = Services.tls(name(), upstream.port(), SHORT_CONNECT);
      Answer answer = curl.send(protocol, platform.route(service));
      upstream.awaitNoneOpen();
      ForwardGauges.awaitNothingInFlight(platform);
      return answer;
    }
  }
}

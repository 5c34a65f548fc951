package dev.gatehouse.gateway.outside;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.gateway.Platform;
import dev.gatehouse.gateway.Platform.TestTenant;
import dev.gatehouse.gateway.outside.Curl.Answer;
import dev.gatehouse.gateway.outside.Curl.Protocol;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds whatever the client and the upstream speak. */
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class CurlMatrix {
  private static final int MEGABYTE = 1 << 20;

  private Platform platform;
  private TestTenant tenant;
  private Curl curl;
  private Map<String, String> paths;
  @TempDir private Path folder;

  /** Routes to the upstreams: for each, its name and its path at the gateway. */
  abstract Map<String, String> routes(Platform gateway) throws Exception;

  abstract void stopUpstreams();

  @BeforeAll
  void start() throws Exception {
    platform = Platform.withTls();
    tenant = platform.tenant();
    curl = new Curl(platform, tenant);
    paths = routes(platform);
  }

  @AfterAll
  void stop() {
    platform.close();
    stopUpstreams();
  }

  Stream<Arguments> pairs() {
    return Stream.of(Protocol.values())
        .flatMap(protocol -> paths.keySet().stream().map(name -> Arguments.of(protocol, name)));
  }

  Stream<Arguments> pairsThatReuse() {
    return pairs().filter(pair -> pair.get()[0] != Protocol.HTTP_2_CLEAR);
  }

  /**
   * Before its version 8, curl may lose a response of HTTP/2 that comes before the body is sent.
   */
  Stream<Arguments> pairsOfHttp1() {
    return pairs().filter(pair -> pair.get()[0] == Protocol.HTTP_1_1);
  }

  private String pathOf(String upstream) {
    return Objects.requireNonNull(paths.get(upstream));
  }

  private Answer send(Protocol protocol, String upstream, String query, String... options)
      throws Exception {
    Answer answer = curl.send(protocol, pathOf(upstream) + query, options);
    assertThat(answer.exit()).as(answer.toString()).isZero();
    assertThat(answer.version()).isEqualTo(protocol.version());
    return answer;
  }

  private String megabyte() throws Exception {
    Path file = folder.resolve("megabyte");
    Files.write(file, new byte[MEGABYTE]);
    return "@" + file;
  }

  @ParameterizedTest
  @MethodSource("pairs")
  void getsAnAnswerUnderTheTenantsName(Protocol protocol, String upstream) throws Exception {
    Answer answer = send(protocol, upstream, "", "--header", "X-Tenant-Id: evil");

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.json().getString("method")).isEqualTo("GET");
    assertThat(answer.json().getString("tenant")).isEqualTo(tenant.edge().id().toString());
  }

  @ParameterizedTest
  @MethodSource("pairs")
  void postsAMegabyteOfKnownLength(Protocol protocol, String upstream) throws Exception {
    Answer answer = send(protocol, upstream, "", "--data-binary", megabyte());

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.json().getInteger("bytes")).isEqualTo(MEGABYTE);
  }

  @ParameterizedTest
  @MethodSource("pairs")
  void postsAMegabyteOfUnknownLength(Protocol protocol, String upstream) throws Exception {
    Answer answer =
        send(
            protocol,
            upstream,
            "",
            "--header",
            "Transfer-Encoding: chunked",
            "--data-binary",
            megabyte());

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.json().getInteger("bytes")).isEqualTo(MEGABYTE);
  }

  @ParameterizedTest
  @MethodSource("pairs")
  void asksBeforeItSendsABody(Protocol protocol, String upstream) throws Exception {
    Answer answer =
        send(
            protocol,
            upstream,
            "",
            "--expect100-timeout",
            "30",
            "--header",
            "Expect: 100-continue",
            "--data-binary",
            megabyte());

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.heads().getFirst()).contains(" 100");
    assertThat(answer.json().getInteger("bytes")).isEqualTo(MEGABYTE);
  }

  @ParameterizedTest
  @MethodSource("pairsOfHttp1")
  void sendsNoBodyThatIsRefused(Protocol protocol, String upstream) throws Exception {
    Answer answer =
        curl.send(
            protocol,
            pathOf(upstream),
            "--expect100-timeout",
            "30",
            "--header",
            "Expect: 100-continue",
            "--header",
            "Host: nobody.example.test",
            "--data-binary",
            megabyte());

    assertThat(answer.status()).isEqualTo(404);
    assertThat(answer.figures().getLong("size_upload")).isZero();
  }

  @ParameterizedTest
  @MethodSource("pairs")
  void getsTheLengthAloneForHead(Protocol protocol, String upstream) throws Exception {
    Answer answer = send(protocol, upstream, "", "--head");

    assertThat(answer.status()).isEqualTo(200);
    assertThat(Integer.parseInt(answer.header("Content-Length"))).isPositive();
    assertThat(answer.body()).doesNotContain("method");
  }

  @ParameterizedTest
  @MethodSource("pairsThatReuse")
  void getsAnswersWithoutABodyAndKeepsTheConnection(Protocol protocol, String upstream)
      throws Exception {
    String path = pathOf(upstream);
    List<Answer> answers =
        curl.sendEach(protocol, List.of(path + "?mode=204", path + "?mode=304", path));

    assertThat(answers).extracting(Answer::exit).containsOnly(0);
    assertThat(answers).extracting(Answer::status).containsExactly(204, 304, 200);
    assertThat(answers).extracting(Answer::connects).containsExactly(1, 0, 0);
  }

  @ParameterizedTest
  @MethodSource("pairs")
  void followsNoRedirectOfTheUpstreams(Protocol protocol, String upstream) throws Exception {
    Answer answer = send(protocol, upstream, "?mode=redirect");

    assertThat(answer.status()).isEqualTo(302);
    assertThat(answer.header("Location")).isEqualTo("/elsewhere");
  }
}

package dev.gatehouse.gateway.edge;

import static dev.gatehouse.gateway.edge.Attack.SMUGGLED;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whose a request is must not be said in two ways: RFC 9112 sections 3.2 and 3.2.2. */
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HostTest {
  private static final String KEYED = "GET PATH HTTP/1.1\r\nHEAD\r\n";

  private EdgeScene scene;

  @BeforeAll
  void start() throws Exception {
    scene = new EdgeScene();
  }

  @AfterAll
  void stop() throws Exception {
    scene.close();
  }

  /** A request with these lines in the place of its Host. */
  private static Attack host(int status, String lines) {
    return Attack.of(status, lines, KEYED.replace("HEAD", lines + "\r\nKEY") + "\r\n");
  }

  static Stream<Attack> refused() {
    Stream<Attack> hosts =
        Stream.of(
                "X-No-Host: TENANT",
                "Host:",
                "Host: TENANT\r\nHost: TENANT",
                "Host: TENANT\r\nhost: other.example.test",
                "Host: TENANT,TENANT",
                "Host: TENANT, other.example.test",
                "Host: TENANT other",
                "Host: user@TENANT",
                "Host: user:secret@TENANT",
                "Host: TENANT/",
                "Host: TENANT/a",
                "Host: TENANT?a",
                "Host: TENANT#a",
                "Host: TENANT\\a",
                "Host: http://TENANT",
                "Host: TENANT:80:80",
                "Host: TENANT:+80",
                "Host: TENANT:8a",
                "Host: TENANT:65536",
                "Host: TENANT:0x50",
                "Host: \u00e9.TENANT",
                "Host: TENANT\0",
                "Host: TENANT\0.x.test",
                "Host: TENANT..",
                "Host: .TENANT",
                "Host: a..TENANT",
                "Host: a_b.TENANT",
                "Host: -a.TENANT",
                "Host: a-.TENANT",
                "Host: %61.TENANT",
                "Host: *.TENANT",
                "Host: xn--.TENANT",
                "Host: xn--zzzzzz-.TENANT",
                "Host: [::1",
                "Host: [::1]a",
                "Host: [::1%25lo]",
                "Host: " + "a".repeat(64) + ".TENANT",
                "Host: " + "a23456789.".repeat(25) + "TENANT",
                "Host : TENANT",
                "Host:\r\n TENANT")
            .map(lines -> host(400, lines));
    Stream<Attack> targets =
        Stream.of(
                "http://other.example.testPATH",
                "http://TENANT.other.testPATH",
                "http://user@TENANTPATH",
                "http://TENANT:81PATH",
                "ftp://TENANTPATH",
                "//TENANTPATH",
                "http:PATH",
                "http:/TENANTPATH",
                "TENANT:80")
            .map(target -> Attack.target(400, target));
    return Stream.concat(hosts, targets);
  }

  private String filled(String text, String path) {
    return scene.filled(text.replace("KEY", "X-API-Key: " + scene.tenant.key().reveal()), path);
  }

  @ParameterizedTest
  @MethodSource
  void refused(Attack attack) throws Exception {
    String path = scene.newPath();

    List<Integer> statuses = scene.sendToEnd(filled(attack.bytes() + SMUGGLED, path));

    assertThat(statuses).hasSize(1).isSubsetOf(attack.statuses());
    scene.sendMarker();
    assertThat(scene.upstream.carrying(path)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1",
        "127.1",
        "2130706433",
        "0177.0.0.1",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "localhost",
        "nobody.example.test",
        "a.b.example.test"
      })
  void belongsToNobody(String host) throws Exception {
    String path = scene.newPath();
    String request = KEYED.replace("HEAD", "Host: " + host + "\r\nKEY\r\nConnection: close");

    assertThat(scene.sendToEnd(filled(request + "\r\n", path))).containsExactly(404);

    scene.sendMarker();
    assertThat(scene.upstream.carrying(path)).isEmpty();
  }

  /** Written otherwise, or beside what only a trusted proxy may say, it is the same tenant. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "Host: UPPER",
        "Host: TENANT.",
        "Host: TENANT:80",
        "Host: TENANT:",
        "Host: UPPER.:8080",
        "host:TENANT",
        "Host: TENANT\r\nX-Forwarded-Host: other.example.test",
        "Host: TENANT\r\nForwarded: host=other.example.test",
        "Host: TENANT\r\nX-Original-Host: other.example.test",
        "Host: TENANT\r\nX-Host: other.example.test",
        "Host: TENANT\r\nConnection: Host, X-API-Key"
      })
  void isTheSameTenant(String lines) throws Exception {
    String path = scene.newPath();
    String upper = scene.tenant.host().toUpperCase(Locale.ROOT);
    String head = KEYED.replace("HEAD", lines + "\r\nKEY") + "Connection: close\r\n\r\n";

    assertThat(scene.sendToEnd(filled(head, path).replace("UPPER", upper))).containsExactly(200);

    String seen = scene.upstream.awaitCarrying(path).received();
    String request = seen.substring(seen.indexOf(path));
    assertThat(request).contains(scene.tenant.edge().id().toString());
    assertThat(request.lines().filter(line -> line.contains("other.example.test")))
        .allMatch(line -> line.startsWith("X-Host:"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://TENANTPATH", "HTTP://TENANTPATH", "https://TENANTPATH"})
  void takesTheAbsoluteFormOfTheSameHost(String target) throws Exception {
    String path = scene.newPath();
    String head = KEYED.replace("GET PATH", "GET " + target) + "Connection: close\r\n\r\n";

    assertThat(scene.sendToEnd(scene.filled(head, path))).containsExactly(200);

    assertThat(scene.upstream.awaitCarrying(path).received()).contains("GET " + path + " HTTP/1.1");
  }
}

package dev.gatehouse.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.gateway.Platform.TestTenant;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What does not get in, on raw sockets, with an upstream behind that would have recorded it. */
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AdmissionTest {
  private Platform platform;
  private TestTenant tenant;

  @BeforeAll
  void start() throws Exception {
    platform = new Platform();
    tenant = platform.tenant();
  }

  @AfterAll
  void stop() {
    platform.close();
  }

  private int statusOf(String request) throws Exception {
    try (RawClient client = new RawClient(platform.gateway.httpPort())) {
      client.write(
          request
              .replace("HOST", "Host: " + tenant.host())
              .replace("KEY", "X-API-Key: " + tenant.key().reveal()));
      return client.read().status();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/..",
        "/../x",
        "/a/../b",
        "/a/..",
        "/./a",
        "/.",
        "/a/.",
        "/%2e%2e/x",
        "/%2E%2e",
        "/.%2e/",
        "/%2e",
        "/a/..;/b",
        "/..;a=b/c",
        "/%2e%2e;/x",
        "/a/..%3b/b/..",
        "/a/..%2fb",
        "/a/%2e%2E%2Fb",
        "/a/..%5cb",
        "/;/a",
        "/a/;x/b",
        "/a//",
        "/a%7fb",
        "/a%0ab",
        "/%u002e/a",
        "//a",
        "/a//b",
        "//",
        "/a%2fb",
        "/a%2Fb",
        "/a%5cb",
        "/a\\b",
        "/a%00b",
        "/a%0d%0ab",
        "/%zz",
        "/a%2",
        "/a%",
        "/a#b",
        "/a?b#c",
        "/é",
        "a",
        "*",
        "http://",
        "http://other.test/",
        "ftp://x/"
      })
  void refusesTargetsThatCouldBeReadInTwoWays(String target) throws Exception {
    int before = platform.upstream.received().size();

    assertThat(statusOf("GET " + target + " HTTP/1.1\r\nHOST\r\nKEY\r\n\r\n")).isEqualTo(400);
    assertThat(platform.upstream.received()).hasSize(before);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "/a",
        "/a/",
        "/a/b.c",
        "/a.b/..c",
        "/...",
        "/a%20b",
        "/%c3%a9",
        "/a;x=1/b",
        "/a?b=%2f..",
        "/a?x=//y",
        "/a%252e",
        "/%252e%252e/a",
        "/%252fa",
        "/%c0%ae%c0%ae/a",
        "/%e0%80%af",
        "/a/..%3bb",
        "/.well-known/x",
        "/~u/!$&'()*+,;=:@"
      })
  void forwardsEveryOtherTargetByteForByte(String target) throws Exception {
    assertThat(statusOf("GET " + target + " HTTP/1.1\r\nHOST\r\nKEY\r\n\r\n")).isEqualTo(200);
    assertThat(platform.upstream.last().uri()).isEqualTo(target);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Host: ",
        "Host: a b",
        "Host: a_b.example.test",
        "Host: a..b",
        "Host: a@b",
        "Host: a/b",
        "Host: a:x",
        "Host: a:123456",
        "Host: a:65536",
        "Host: [::1]:99999",
        "Host: -a.test",
        "Host: a,b",
        "Host: xn--\u00e9",
        "Host: [::1",
        "Host: ex%61mple.test",
        "Host: one.test\r\nHost: two.test",
        "X-No-Host: at all"
      })
  void refusesHostsThatCannotExist(String host) throws Exception {
    int before = platform.upstream.received().size();

    assertThat(statusOf("GET / HTTP/1.1\r\n" + host + "\r\nKEY\r\n\r\n")).isEqualTo(400);
    assertThat(platform.upstream.received()).hasSize(before);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"127.0.0.1", "0177.0.0.1", "2130706433", "[::1]", "[::1]:80", "10.0.0.1:1"})
  void knowsNobodyUnderAnAddress(String host) throws Exception {
    assertThat(statusOf("GET / HTTP/1.1\r\nHost: " + host + "\r\nKEY\r\n\r\n")).isEqualTo(404);
  }

  @ParameterizedTest
  @CsvSource({
    "400, 'Content-Length: 3\r\nTransfer-Encoding: chunked'",
    "400, 'Content-Length: 3\r\nContent-Length: 3'",
    "400, 'Content-Length: 3, 3'",
    "400, 'Content-Length: +3'",
    "400, 'Content-Length: -3'",
    "400, 'Content-Length: 0x3'",
    "400, 'Content-Length: '",
    "400, 'Content-Length: 99999999999999999999'",
    "400, 'Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked'",
    "400, 'Transfer-Encoding : chunked'",
    "501, 'Transfer-Encoding: xchunked'",
    "501, 'Transfer-Encoding: chunked, identity'",
    "501, 'Transfer-Encoding: gzip, chunked'",
    "417, 'Content-Length: 3\r\nExpect: something'",
  })
  void refusesFramingThatCouldBeReadInTwoWays(int status, String headers) throws Exception {
    int before = platform.upstream.received().size();

    assertThat(statusOf("POST / HTTP/1.1\r\nHOST\r\nKEY\r\n" + headers + "\r\n\r\nabc"))
        .isIn(status, 400);
    assertThat(platform.upstream.received()).hasSize(before);
  }

  @ParameterizedTest
  @ValueSource(strings = {"CONNECT tenant.test:80 HTTP/1.1", "TRACE / HTTP/1.1"})
  void refusesMethodsThatAreNotForOrigins(String line) throws Exception {
    assertThat(statusOf(line + "\r\nHOST\r\nKEY\r\n\r\n")).isEqualTo(405);
  }

  @ParameterizedTest
  @CsvSource({"414, 9000, 10", "431, 10, 40000"})
  void boundsWhatItReads(int status, int pathLength, int headerLength) throws Exception {
    assertThat(
            statusOf(
                "GET /"
                    + "a".repeat(pathLength)
                    + " HTTP/1.1\r\nHOST\r\nX-Long: "
                    + "b".repeat(headerLength)
                    + "\r\n\r\n"))
        .isEqualTo(status);
  }
}

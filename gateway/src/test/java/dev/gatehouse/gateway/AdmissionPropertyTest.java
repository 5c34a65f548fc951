package dev.gatehouse.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.gateway.Platform.TestTenant;
import dev.gatehouse.gateway.RawClient.Response;
import java.io.IOException;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/** Targets and hosts from a seeded generator, on raw sockets through the whole gateway. */
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AdmissionPropertyTest {
  private static final int ROUNDS = 1500;
  private static final String[] TARGETS = {
    "/",
    "/",
    "a",
    "b",
    ".",
    "..",
    "%2e",
    "%2f",
    "%",
    "%41",
    ";x",
    "?",
    "#",
    "\\",
    "@",
    ":",
    "[",
    "é",
    "\u0001",
    "~",
    "http://",
    "HTTP://",
    "https://",
    "HOST",
    "HOST:80",
    "other.test",
    "*"
  };
  private static final String[] HOSTS = {
    "HOST",
    "HOST",
    "HOST",
    "HOST.",
    "HOST:80",
    "HOST:65536",
    "HOST:",
    "u@HOST",
    "[::1]",
    "a..b",
    "127.0.0.1",
    "%61",
    " ",
    ",",
    "é",
    "x".repeat(64)
  };

  private final long seed = System.nanoTime();
  private final Random random = new Random(seed);
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

  private String some(String[] fragments, int most) {
    StringBuilder text = new StringBuilder();
    for (int i = 1 + random.nextInt(most); i > 0; i--) {
      text.append(fragments[random.nextInt(fragments.length)]);
    }
    return text.toString().replace("HOST", tenant.host());
  }

  private Response send(String target, String host) {
    try {
      return RawClient.send(
          platform.gateway.httpPort(),
          "GET " + target + " HTTP/1.1",
          "Host: " + host,
          "X-API-Key: " + tenant.key().reveal());
    } catch (IOException e) {
      throw new AssertionError("seed %d, %s at %s".formatted(seed, target, host), e);
    }
  }

  @Test
  void forwardsWhatWasMatchedByteForByteAndRefusesTheRest() {
    int forwarded = 0;
    for (int i = 0; i < ROUNDS; i++) {
      String target = (random.nextInt(3) > 0 ? "/" : "") + some(TARGETS, 6);
      String host = some(HOSTS, random.nextInt(4) == 0 ? 2 : 1);
      int before = platform.upstream.received().size();
      Response response = send(target, host);
      int received = platform.upstream.received().size() - before;
      if (response.status() == 200) {
        forwarded++;
        assertThat(received).as("seed %d, %s at %s", seed, target, host).isEqualTo(1);
        assertThat(inOriginForm(target, host))
            .as("seed %d, %s at %s", seed, target, host)
            .isEqualTo(platform.upstream.last().uri());
      } else {
        assertThat(response.status()).as("seed %d, %s at %s", seed, target, host).isIn(400, 404);
        assertThat(received).as("seed %d, %s at %s", seed, target, host).isZero();
      }
    }
    assertThat(forwarded).as("seed %d", seed).isGreaterThan(50);
  }

  /** Without the scheme and the host, which must be those of the request (RFC 9112 3.2.2). */
  private static String inOriginForm(String target, String host) {
    if (target.startsWith("/")) {
      return target;
    }
    String authority = target.replaceFirst("(?i)^https?://", "");
    assertThat(authority).startsWithIgnoringCase(host);
    return authority.length() == host.length() ? "/" : authority.substring(host.length());
  }
}

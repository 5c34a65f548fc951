package dev.gatehouse.gateway.admit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.contract.tenant.Hostname;
import dev.gatehouse.gateway.rejection.Rejection;
import java.net.InetAddress;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The host of a request, with authorities from a seeded generator. */
@Timeout(60)
class HostHeaderPropertyTest {
  private static final int ROUNDS = 50_000;
  private static final String HARMLESS = "abcxyz0189-";
  private static final String NASTY =
      HARMLESS + "ABZ..::[[]]%@/\\_?#, \t\u0000\u007f\u00e9\u0130\u212a\uff41\uff11";
  private static final String[] FRAGMENTS = {
    "xn--",
    "xn--a",
    "XN--MNCHEN-3YA",
    "--",
    "..",
    ".",
    ":80",
    ":65535",
    ":65536",
    ":99999",
    ":",
    ":080",
    "[::1]",
    "[::ffff:1.2.3.4]",
    "[fe80::1%eth0]",
    "[v1.a]",
    "[1::2::3]",
    "[::]",
    "[:::]",
    "[12345::]",
    "[1]",
    "[abc]",
    "127.0.0.1",
    "0177.1",
    "256.1.1.1",
    "1.2.3.4.5",
    "1..2",
    "user@",
    "user:pass@",
    "example.test",
    "EXAMPLE.TEST",
    "%2e",
    "%00",
    "\u3002",
    "localhost"
  };

  private final long seed = System.nanoTime();
  private final Random random = new Random(seed);

  private String text(String alphabet, int most) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(most + 1); i > 0; i--) {
      text.append(alphabet.charAt(random.nextInt(alphabet.length())));
    }
    return text.toString();
  }

  private String authority() {
    StringBuilder authority = new StringBuilder();
    for (int i = 1 + random.nextInt(4); i > 0; i--) {
      authority.append(
          switch (random.nextInt(6)) {
            case 0 -> text(NASTY, 12);
            case 1 -> text(HARMLESS, 70) + ".";
            case 2 -> "[" + text("0123456789abcdefABCDEFg:.%", 45) + "]";
            case 3 -> text("0123456789.", 12);
            default -> FRAGMENTS[random.nextInt(FRAGMENTS.length)];
          });
    }
    return authority.toString();
  }

  /** A host that requests may have; empty if the authority is refused, as only a rejection may. */
  private Optional<String> hostOf(String authority) {
    try {
      String host = HostHeader.hostOf(authority);
      HostHeader.requirePossible(host);
      return Optional.of(host);
    } catch (Rejection.BadRequest _) {
      return Optional.empty();
    } catch (RuntimeException e) {
      throw new AssertionError("seed %d, \"%s\"".formatted(seed, authority), e);
    }
  }

  @Test
  void everyAcceptedHostIsANameOrAnAddress() {
    for (int i = 0; i < ROUNDS; i++) {
      String authority = authority();
      hostOf(authority)
          .ifPresent(host ->
              assertThat(isNameInNormalForm(host) || isIpv6(host) || isIpv4(host))
                  .as("seed %d, \"%s\" gave \"%s\"", seed, authority, host)
                  .isTrue());
    }
  }

  private static boolean isNameInNormalForm(String host) {
    return Hostname.isValid(host) && Hostname.parse(host).value().equals(host);
  }

  private static boolean isIpv6(String host) {
    if (!host.startsWith("[") || !host.endsWith("]") || host.contains("%")) {
      return false;
    }
    try {
      return InetAddress.ofLiteral(host.substring(1, host.length() - 1)) != null;
    } catch (IllegalArgumentException _) {
      return false;
    }
  }

  /** In any of the spellings that {@code inet_aton} knows. */
  private static boolean isIpv4(String host) {
    return host.matches("\\d+(\\.\\d+){0,3}");
  }

  @Test
  void everyAcceptedHostIsItsOwnNormalForm() {
    for (int i = 0; i < ROUNDS; i++) {
      String authority = authority();
      hostOf(authority)
          .ifPresent(host ->
              assertThat(hostOf(host)).as("seed %d, \"%s\"", seed, authority).contains(host));
    }
  }

  @Test
  void caseTrailingDotAndPortDoNotChangeTheHost() {
    for (int i = 0; i < ROUNDS; i++) {
      String name = text(HARMLESS, 20) + ".example.test";
      Optional<String> plain = hostOf(name);

      assertThat(hostOf(name.toUpperCase(Locale.ROOT) + ".")).as("seed %d", seed).isEqualTo(plain);
      assertThat(hostOf(name + ":80")).as("seed %d", seed).isEqualTo(plain);
      assertThat(hostOf(name + ".:443")).as("seed %d", seed).isEqualTo(plain);
      assertThat(hostOf(name + ":")).as("seed %d", seed).isEqualTo(plain);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a:65536",
        "a:99999",
        "[::1]:65536",
        "a:-1",
        "a:8o",
        "a:\uff11",
        "[\uff11::1]",
        "[:::]",
        "[abc]",
        "[::1]a",
        "[::1",
        "[fe80::1%1]",
        "..1",
        "1..2",
        "1.2.3.4.5",
        "...",
        "user@a",
        "xn--.test",
        "a.xn--\u00e9",
        "a..b",
        "a.-b",
        ""
      })
  void refusesWhatCannotExist(String authority) {
    assertThat(hostOf(authority)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"a:0", "a:65535", "a:00080", "[::1]:443", "127.0.0.1:1"})
  void takesEveryPortThatExists(String authority) {
    assertThat(hostOf(authority)).isPresent();
  }
}

package dev.gatehouse.gateway.admit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.gateway.rejection.Rejection;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The target of a request, with values from a seeded generator, read as servers may read it. */
@Timeout(60)
class RequestTargetPropertyTest {
  private static final int ROUNDS = 200_000;
  private static final String[] FRAGMENTS = {
    "/",
    "/",
    "/",
    ".",
    "..",
    "%2e",
    "%2E",
    "%2f",
    "%5C",
    "%",
    "%0",
    "%zz",
    "%00",
    "%0d%0a",
    "%7f",
    "%25",
    "%252e",
    "%3b",
    "%c3%a9",
    "%\uff11\uff11",
    ";",
    ";a=b",
    "\\",
    "?",
    "#",
    " ",
    "\t",
    "\u0000",
    "\u007f",
    "\u00e9",
    "\u2024",
    "\uff0e",
    "a",
    "b.c",
    "~",
    "!$&'()*+,=:@",
    "[",
    "\"",
    "|"
  };

  private final long seed = System.nanoTime();
  private final Random random = new Random(seed);

  private String target() {
    StringBuilder target = new StringBuilder("/");
    for (int i = random.nextInt(10); i > 0; i--) {
      target.append(
          random.nextInt(20) == 0
              ? String.valueOf((char) random.nextInt(0x180))
              : FRAGMENTS[random.nextInt(FRAGMENTS.length)]);
    }
    return target.toString();
  }

  /** The path; empty if the target is refused, as only a rejection may. */
  private Optional<String> pathOf(String target) {
    try {
      return Optional.of(target.substring(0, RequestTarget.pathLength(target)));
    } catch (Rejection.BadRequest _) {
      return Optional.empty();
    } catch (RuntimeException e) {
      throw new AssertionError("seed %d, \"%s\"".formatted(seed, target), e);
    }
  }

  @Test
  void everyAcceptedPathReadsTheSameToEveryServer() {
    int accepted = 0;
    for (int i = 0; i < ROUNDS; i++) {
      String target = target();
      Optional<String> path = pathOf(target);
      if (path.isPresent()) {
        accepted++;
        String readByOthers = withoutParameters(path.get());
        assertThat(decoded(readByOthers).split("/", -1))
            .as("seed %d, \"%s\"", seed, target)
            .doesNotContain(".", "..");
        assertThat(decoded(readByOthers) + " " + decoded(path.get()))
            .as("seed %d, \"%s\"", seed, target)
            .doesNotContain("//", "\\")
            .doesNotContainPattern("[\\x00-\\x1f\\x7f]");
        assertThat(decoded(path.get()).chars().filter(c -> c == '/').count())
            .as("seed %d, \"%s\": no hidden slash", seed, target)
            .isEqualTo(path.get().chars().filter(c -> c == '/').count());
        assertThat(target)
            .as("seed %d: printable, without fragment", seed)
            .matches("[\\x21-\\x7e&&[^#]]+");
      }
    }
    assertThat(accepted).as("seed %d: the generator is not too nasty", seed).isGreaterThan(1000);
  }

  /** As servers cut path parameters off, before anything is decoded. */
  private static String withoutParameters(String path) {
    return path.replaceAll(";[^/]*", "");
  }

  /** Percent-decodes once; what is badly encoded fails. */
  private static String decoded(String path) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int i = 0; i < path.length(); i++) {
      if (path.charAt(i) == '%') {
        String digits = path.substring(i + 1, i + 3);
        assertThat(digits).matches("[0-9A-Fa-f]{2}");
        bytes.write(Integer.parseInt(digits, 16));
        i += 2;
      } else {
        bytes.write(path.charAt(i));
      }
    }
    return bytes.toString(StandardCharsets.ISO_8859_1);
  }

  @Test
  void theQueryBeginsAtTheFirstQuestionMark() {
    for (int i = 0; i < ROUNDS; i++) {
      String target = target();
      pathOf(target)
          .ifPresent(
              path -> assertThat(path).as("seed %d", seed).isEqualTo(target.split("\\?", 2)[0]));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/;/admin", "/;a=b/admin", "/a/;", "/a/;x/b", "/;"})
  void refusesASegmentOfParametersAlone(String target) {
    assertThat(pathOf(target)).isEmpty();
  }
}

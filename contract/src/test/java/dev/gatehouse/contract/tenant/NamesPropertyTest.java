package dev.gatehouse.contract.tenant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Locale;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Slugs and host names, with values from a seeded generator. */
@Timeout(60)
class NamesPropertyTest {
  private static final int ROUNDS = 20_000;
  private static final String LETTERS = "abcdefghijklmnopqrstuvwxyz";
  private static final String LABEL_CHARACTERS = LETTERS + "0123456789-";
  private static final String NASTY =
      LABEL_CHARACTERS + "ABZ._ /\\:%@\u0000\n\u00e9\u0130\u212a\uff41";
  private static final Pattern LABEL = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");

  private final long seed = System.nanoTime();
  private final Random random = new Random(seed);

  private String text(String alphabet, int minimum, int maximum) {
    int length = minimum + random.nextInt(maximum - minimum + 1);
    StringBuilder text = new StringBuilder(length);
    for (int i = 0; i < length; i++) {
      text.append(alphabet.charAt(random.nextInt(alphabet.length())));
    }
    return text.toString();
  }

  @Test
  void everyAcceptedSlugIsALabelOfAHostName() {
    for (int i = 0; i < ROUNDS; i++) {
      String candidate = text(i % 2 == 0 ? LABEL_CHARACTERS : NASTY, 0, 45);
      boolean accepted = slugAccepts(candidate);

      assertThat(accepted).as("seed %d, \"%s\"", seed, candidate).isEqualTo(isSlug(candidate));
    }
  }

  private static boolean slugAccepts(String candidate) {
    try {
      return new Slug(candidate).value().equals(candidate);
    } catch (IllegalArgumentException _) {
      return false;
    }
  }

  /** The same rule in other words. */
  private static boolean isSlug(String text) {
    return text.length() >= 3
        && text.length() <= 40
        && LETTERS.indexOf(text.charAt(0)) >= 0
        && !text.endsWith("-")
        && text.chars().allMatch(c -> LABEL_CHARACTERS.indexOf(c) >= 0);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "a", "ab", "1ab", "-ab", "ab-", "Abc", "a.b", "a_b", "abc\n", "abc ", "àbc"})
  void refusesWhatIsNoSlug(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> new Slug(text));
  }

  @Test
  void everyNormalisedNameIsItsOwnNormalForm() {
    for (int i = 0; i < ROUNDS; i++) {
      String spelling = randomName();
      Hostname name = Hostname.parse(spelling);

      assertThat(name.value())
          .as("seed %d, \"%s\"", seed, spelling)
          .isEqualTo(spelling.toLowerCase(Locale.ROOT).replaceAll("\\.$", ""));
      assertThat(Hostname.parse(name.value())).isEqualTo(name);
    }
  }

  private String randomName() {
    StringBuilder name = new StringBuilder();
    int labels = 1 + random.nextInt(4);
    for (int i = 0; i < labels; i++) {
      name.append(randomLabel()).append('.');
    }
    name.append(text(LETTERS, 2, 10)).append(random.nextBoolean() ? "." : "");
    return random.nextBoolean() ? name.toString().toUpperCase(Locale.ROOT) : name.toString();
  }

  private String randomLabel() {
    String label = text(LABEL_CHARACTERS, 1, 40);
    boolean valid = LABEL.matcher(label).matches() && !label.startsWith("--", 2);
    return valid ? label : randomLabel();
  }

  @Test
  void everyAcceptedNameHasOnlyValidLabels() {
    for (int i = 0; i < ROUNDS; i++) {
      String candidate = text(NASTY, 0, 70);
      if (Hostname.isValid(candidate)) {
        String value = Hostname.parse(candidate).value();
        assertThat(value.split("\\.", -1))
            .as("seed %d, \"%s\"", seed, candidate)
            .allMatch(label -> LABEL.matcher(label).matches());
      } else {
        assertThatIllegalArgumentException().isThrownBy(() -> Hostname.parse(candidate));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ".",
        "..",
        "a..b",
        ".a",
        "-a.example",
        "a-.example",
        "a_b.example",
        "127.0.0.1",
        "0177.1",
        "1",
        "[::1]",
        "::1",
        "a.example..",
        "a b.example",
        "a.example:80",
        "xn--.example",
        "xn--abc-.example",
        "xn--a.example",
        "xn--b-5da.example", // an upper-case letter
        "xn--n3h.example", // a snowman
        "xn--99999999.example",
        "xn--a-0.example",
        "ab--cd.example",
        "\u212aelvin.example",
        "a.example\n",
        "*.example",
        "1.2.3.4."
      })
  void refusesWhatIsNoHostName(String text) {
    assertThat(Hostname.isValid(text)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "xn--mnchen-3ya.example",
        "xn--strae-oqa.example", // a sharp s, which IDNA 2003 did not have
        "xn--wgv71a119e.example",
        "XN--P1AI",
        "xn--80ak6aa92e.example"
      })
  void acceptsInternationalisedNames(String text) {
    assertThat(Hostname.parse(text).value()).isEqualTo(text.toLowerCase(Locale.ROOT));
  }

  @Test
  void acceptsWhateverJavaEncodes() {
    for (int i = 0; i < ROUNDS; i++) {
      String label = text("abc\u00e4\u00f6\u0434\u4e00\u1f60", 1, 12);
      String encoded = java.net.IDN.toASCII(label, java.net.IDN.ALLOW_UNASSIGNED);

      assertThat(Hostname.isValid(encoded)).as("seed %d, %s", seed, encoded).isTrue();
    }
  }

  @Test
  void knowsItsParent() {
    assertThat(new Hostname("a.example.com").parent()).contains(new Hostname("example.com"));
    assertThat(new Hostname("com").parent()).isEmpty();
  }

  @Test
  void knowsWhatLiesBelow() {
    Hostname parent = new Hostname("example.com");

    assertThat(new Hostname("a.example.com").isBelow(parent)).isTrue();
    assertThat(new Hostname("a.b.example.com").isBelow(parent)).isTrue();
    assertThat(parent.isBelow(parent)).isFalse();
    assertThat(new Hostname("badexample.com").isBelow(parent)).isFalse();
  }

  @Test
  void acceptsTheLongestNameAndNoLonger() {
    String label = "a".repeat(63) + ".";
    String longest = label.repeat(3) + "a".repeat(61);

    assertThat(longest).hasSize(Hostname.MAX_LENGTH);
    assertThat(Hostname.isValid(longest)).isTrue();
    assertThat(Hostname.isValid(longest + "a")).isFalse();
    assertThat(Hostname.isValid("a".repeat(64) + ".example")).isFalse();
  }
}

package dev.gatehouse.deploy.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.gatehouse.contract.tenant.Hostname;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class ConfigReaderTest {
  private final ConfigReader reader = new ConfigReader(Map.of("PORT", "9000", "TOKEN", "s3cret"));

  /** Every kind of setting. */
  public record Example(
      String name,
      Listen http,
      Optional<Listen> https,
      Duration timeout,
      URI url,
      Path file,
      Hostname host,
      OptionalLong most,
      boolean verbose,
      List<String> names,
      Set<Mode> modes,
      Map<String, Integer> weights) {
    public static final Duration TIMEOUT = Duration.ofSeconds(7);
  }

  /** With defaults for all. */
  public record Listen(String host, int port) {
    public static final Listen DEFAULT = new Listen("127.0.0.1", 8080);

    public Listen {
      if (port > 65_535) {
        throw new IllegalArgumentException("port must be at most 65535, found " + port);
      }
    }
  }

  /** Named in lower case with hyphens. */
  public enum Mode {
    FAST,
    VERY_FAST
  }

  private static final String FULL =
      """
      name: one
      http:
        port: ${PORT}
      https: {host: "::", port: "8443"}
      timeout: 500ms
      url: http://127.0.0.1:${PORT}/x
      file: /var/lib/one
      host: tenants.example
      most: 5
      verbose: true
      names: [a, "${TOKEN}"]
      modes: [very-fast]
      weights: {left: 1}
      """;

  @Test
  void readsEveryKindOfSetting() {
    assertThat(reader.parse("test", FULL, Example.class))
        .isEqualTo(
            new Example(
                "one",
                new Listen("127.0.0.1", 9000),
                Optional.of(new Listen("::", 8443)),
                Duration.ofMillis(500),
                URI.create("http://127.0.0.1:9000/x"),
                Path.of("/var/lib/one"),
                new Hostname("tenants.example"),
                OptionalLong.of(5),
                true,
                List.of("a", "s3cret"),
                Set.of(Mode.VERY_FAST),
                Map.of("left", 1)));
  }

  @Test
  void takesTheDefaultOfWhatIsNotWritten() {
    String least = "{name: one, url: http://a, file: f, host: b.example}";
    assertThat(reader.parse("test", least, Example.class))
        .isEqualTo(
            new Example(
                "one",
                Listen.DEFAULT,
                Optional.empty(),
                Example.TIMEOUT,
                URI.create("http://a"),
                Path.of("f"),
                new Hostname("b.example"),
                OptionalLong.empty(),
                false,
                List.of(),
                Set.of(),
                Map.of()));
  }

  @Test
  void reportsAllFaultsAtOnce() {
    String wrong =
        """
        nmae: one
        http: {port: eighty, hots: a}
        https: {port: 70000}
        timeout: 5
        url: "http://a b"
        host: UPPER_case!
        verbose: "yes"
        names: a
        modes: [slow]
        """;
    assertThat(faults(wrong))
        .extracting(ConfigFault::path)
        .containsExactlyInAnyOrder(
            "nmae",
            "name",
            "http.hots",
            "http.port",
            "https",
            "timeout",
            "url",
            "file",
            "host",
            "verbose",
            "names",
            "modes[0]");
  }

  @Test
  void namesWhatWasFoundAndWhatIsExpected() {
    assertThat(faults(FULL.replace("500ms", "5 minutes")).getFirst().toString())
        .isEqualTo(
            "timeout: expected a duration such as 500ms, 2s, 1m, 1h or 1d, found \"5 minutes\"");
    assertThat(faults(FULL.replace("very-fast", "slow")).getFirst().toString())
        .isEqualTo("modes[0]: expected one of [fast, very-fast], found \"slow\"");
  }

  @Test
  void refusesAVariableThatIsNotSet() {
    assertThat(faults(FULL.replace("name: one", "name: ${NOBODY}")).getFirst().toString())
        .startsWith("name: the environment variable NOBODY is not set");
  }

  @Test
  void takesTheDefaultOfAVariableThatIsNotSet() {
    String text = FULL.replace("name: one", "name: ${NOBODY:a:b}");
    assertThat(reader.parse("test", text, Example.class).name()).isEqualTo("a:b");
  }

  @Test
  void saysWhereTheTextIsNotYaml() {
    assertThat(faults("name: [").getFirst().toString()).startsWith("is not YAML: line ");
    assertThat(faults("name: a\nname: b").getFirst().toString()).contains("Duplicate");
    assertThat(faults("- name").getFirst().toString())
        .isEqualTo("expected a group of settings, found a list");
  }

  @Test
  void saysThatThereIsNoSuchFile() {
    ConfigException fault =
        catchThrowableOfType(
            ConfigException.class, () -> reader.read(Path.of("/no/such.yaml"), Example.class));
    assertThat(fault).hasMessage("/no/such.yaml: there is no such file");
  }

  private List<ConfigFault> faults(String text) {
    return catchThrowableOfType(
            ConfigException.class, () -> reader.parse("test", text, Example.class))
        .faults();
  }
}

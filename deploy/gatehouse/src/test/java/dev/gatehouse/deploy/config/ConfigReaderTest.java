package dev.gatehouse.deploy.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.gatehouse.contract.edge.EgressBudget;
import dev.gatehouse.contract.tenant.Hostname;
import dev.gatehouse.contract.token.SecretToken;
import dev.gatehouse.controlplane.ControlPlaneConfig;
import dev.gatehouse.gateway.GatewayConfig;
import dev.gatehouse.gateway.exfiltration.ExfiltrationConfig;
import dev.gatehouse.gateway.exfiltration.PeriodConfig;
import dev.gatehouse.gateway.exfiltration.WindowConfig;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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
            "https.port",
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

  /** Two values of one record are refused, each with the other's default in its place. */
  public record Pool(int size, int spare, String name) {
    public static final int SIZE = 8;
    public static final int SPARE = 2;

    public Pool {
      if (size < 1) {
        throw new IllegalArgumentException("size must be at least 1, found " + size);
      }
      if (spare > size) {
        throw new IllegalArgumentException("spare must be at most size, found " + spare);
      }
      if (name.isEmpty()) {
        throw new IllegalArgumentException("name must not be empty");
      }
    }
  }

  /** Refuses on its own account, too. */
  public record Server(Pool pool, Listen http, String zone) {
    public Server {
      if (zone.length() > 3) {
        throw new IllegalArgumentException("zone must have 3 letters, found \"" + zone + "\"");
      }
    }
  }

  @Test
  void saysWhatConstructorsRefuseBesideFaultsOfShape() {
    assertThat(faults("{pool: {size: x, name: ''}, http: {port: 70000}, zone: east}", Server.class))
        .extracting(ConfigFault::toString)
        .containsExactlyInAnyOrder(
            "pool.size: expected a whole number from -2147483648 to 2147483647, found \"x\"",
            "pool.name: must not be empty",
            "http.port: must be at most 65535, found 70000",
            "zone: must have 3 letters, found \"east\"");
    assertThat(faults("{size: 0, name: ''}", Pool.class))
        .extracting(ConfigFault::path)
        .containsExactly("size", "name");
  }

  @Test
  void doesNotBlameAValueForWhatStandsInForAnother() {
    assertThat(faults("{size: x, spare: 9, name: a}", Pool.class))
        .extracting(ConfigFault::path)
        .containsExactly("size");
    assertThat(faults("{size: 4}", Pool.class))
        .extracting(ConfigFault::toString)
        .containsExactly("name: is missing, expected a value");
  }

  @Test
  void namesTheFieldsOfAGatewaysConfiguration() {
    String wrong =
        """
        name: "a b"
        http: {port: 70000}
        baseDomain: example.test
        feed: {url: "ftp://user:s3cr@t@a", token: ghg_0123456789abcdef_secret}
        redis: {url: "http://:s3cr@t@a"}
        snapshot: {}
        eventLoops: 0
        sign: {life: 1s, cachedSignatures: -1}
        forward:
          pace: {bodyBytesPerSecond: -1, grace: 1ms}
          webSockets: {smallFramesPerSecond: 0, maxMessageBytes: 0}
        """;
    assertThat(faults(wrong, GatewayConfig.class))
        .extracting(ConfigFault::path)
        .containsExactlyInAnyOrder(
            "name",
            "http.port",
            "feed.url",
            "redis.url",
            "snapshot.file",
            "eventLoops",
            "sign.life",
            "sign.cachedSignatures",
            "forward.pace.bodyBytesPerSecond",
            "forward.pace.grace",
            "forward.webSockets.smallFramesPerSecond",
            "forward.webSockets.maxMessageBytes");
    assertThat(faults(wrong.replace("ftp:", "http:").replace("s3cr@t", "x"), GatewayConfig.class))
        .extracting(ConfigFault::path)
        .contains("feed.token");
  }

  /** As in docs/exfiltration.md. */
  @Test
  void readsSpansThatHaveDefaultsOfTheirOwn() {
    String written =
        """
        baseDomain: example.test
        feed: {url: "http://127.0.0.1:9000", token: %s}
        security:
          exfiltration:
            budget: {action: cut-off, principalBytes: 5000000000}
            window: {length: 5m, deviations: 12}
            period: {leastBytes: 2000000000}
        """
            .formatted(SecretToken.generate(SecretToken.Kind.GATEWAY).reveal());

    ExfiltrationConfig read =
        reader.parse("test", written, GatewayConfig.class).security().exfiltration();

    assertThat(read.budget().action()).hasValue(EgressBudget.Action.CUT_OFF);
    assertThat(read.budget().principalBytes()).hasValue(5_000_000_000L);
    assertThat(read.window())
        .isEqualTo(new WindowConfig(Duration.ofMinutes(5), 288, 48, 12, 52_428_800, 10_000));
    assertThat(read.period())
        .isEqualTo(new PeriodConfig(Duration.ofDays(1), 7, 5, 5, 2_000_000_000, 100_000));
  }

  @Test
  void namesTheFieldsOfAControlPlanesConfiguration() {
    String wrong =
        """
        database: {url: "mysql://user:s3cr@t@h/d"}
        baseDomain: example.test
        masterKey: s3cret
        bootstrap: {operatorToken: ghg_0123456789abcdef_secret, gatewayToken: x}
        """;
    assertThat(faults(wrong, ControlPlaneConfig.class))
        .extracting(ConfigFault::path)
        .containsExactlyInAnyOrder(
            "database.url", "masterKey", "bootstrap.operatorToken", "bootstrap.gatewayToken");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "url: 'http://user:s3cr@t pass@host/'",
        "http: {port: 'redis://:s3cr/t@h'}",
        "http: 'postgresql://u:s3cr@t@h/d'",
        "timeout: ghg_0123456789abcdef_s3cr",
        "http: gh_s3cr"
      })
  void doesNotShowSecrets(String wrong) {
    assertThat(faults(wrong))
        .extracting(ConfigFault::toString)
        .noneMatch(fault -> fault.contains("s3cr"))
        .anyMatch(fault -> fault.contains("…"));
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
    return faults(text, Example.class);
  }

  private List<ConfigFault> faults(String text, Class<? extends Record> type) {
    return catchThrowableOfType(ConfigException.class, () -> reader.parse("test", text, type))
        .faults();
  }
}

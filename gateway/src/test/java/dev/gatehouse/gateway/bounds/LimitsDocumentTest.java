package dev.gatehouse.gateway.bounds;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.backends.EmbeddedRedis;
import dev.gatehouse.contract.edge.EdgeObject;
import dev.gatehouse.contract.edge.EdgeService;
import dev.gatehouse.contract.edge.FeedCodec;
import dev.gatehouse.contract.tenant.Hostname;
import dev.gatehouse.contract.token.SecretToken;
import dev.gatehouse.gateway.Eventually;
import dev.gatehouse.gateway.GatewayConfig;
import dev.gatehouse.gateway.Platform;
import dev.gatehouse.gateway.Platform.TestTenant;
import dev.gatehouse.gateway.RawClient;
import dev.gatehouse.gateway.directory.FeedConfig;
import dev.gatehouse.gateway.residency.Elsewhere;
import dev.gatehouse.gateway.residency.ResidencyConfig;
import java.lang.reflect.Field;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** docs/limits.md says of every bound what the code says. */
@Timeout(60)
class LimitsDocumentTest {
  private static final Path DOCUMENT = Path.of("../docs/limits.md");
  private static final Pattern PROBLEM = Pattern.compile("problem=\"([^\"]+)\"");
  private static final String WRITE = "gatehouse.limits.write";
  private static final String COMMAND =
      "mvn -pl gateway -am test -Dtest=LimitsDocumentTest -D%s=true -Dsurefire.failIfNoSpecifiedTests=false"
          .formatted(WRITE);

  private static GatewayConfig defaults() {
    return GatewayConfig.of(
        new Hostname("example.com"),
        new FeedConfig(
            URI.create("http://127.0.0.1:9000"),
            SecretToken.generate(SecretToken.Kind.GATEWAY).reveal()));
  }

  private static List<Field> constants() throws Exception {
    return Constants.besides(GatewayConfig.class);
  }

  @Test
  void isWhatTheConfigurationSays() throws Exception {
    String made = LimitsDocument.of(defaults(), constants(), COMMAND);
    if (Boolean.getBoolean(WRITE)) {
      Files.writeString(DOCUMENT, made);
    }

    assertThat(DOCUMENT)
        .as("docs/limits.md is written anew by: %s", COMMAND)
        .exists()
        .content()
        .isEqualTo(made);
  }

  @Test
  void hasEveryNumberAndTimeOfTheConfiguration() {
    List<String> forgotten =
        Setting.in(GatewayConfig.class, defaults())
            .filter(Setting::isMeasure)
            // What the contract says holds for tenants, too, and knows nothing of a gateway's
            // bounds.
            .filter(each ->
                each.component().getDeclaringRecord().getName().startsWith("dev.gatehouse.gateway"))
            .filter(each -> !each.component().isAnnotationPresent(Bound.class))
            .filter(each -> !each.component().isAnnotationPresent(NotABound.class))
            .map(Setting::key)
            .toList();

    assertThat(forgotten).as("marked neither by @Bound nor by @NotABound").isEmpty();
  }

  @Test
  void saysTheDefaultOfEachSetting() {
    assertThat(
            Setting.in(GatewayConfig.class, defaults())
                .filter(each -> each.component().isAnnotationPresent(Bound.class)))
        .allMatch(each -> each.defaultValue() != null, "has a default");
  }

  @Test
  void namesMetricsThatAGatewayHas(@TempDir Path folder) throws Exception {
    ResidencyConfig passesOn =
        new ResidencyConfig(
            Optional.empty(), Elsewhere.FORWARD, Map.of("eu", URI.create("http://127.0.0.1:1")));
    try (EmbeddedRedis redis = EmbeddedRedis.start(folder, 0);
        Platform platform =
            Platform.withTls(c -> Platform.withRedis(c, redis.url()).with(passesOn))) {
      platform.route(watched());
      TestTenant tenant = platform.tenant();
      String host = "Host: " + tenant.host();
      int port = platform.gateway.httpPort();
      RawClient.send(port, "GET / HTTP/1.1", host, "X-API-Key: " + tenant.key().reveal());
      RawClient.send(port, "GET / HTTP/1.1", host);
      // A service's health has been asked for a moment later.
      Eventually.holds(() -> platform.metrics().contains("gatehouse_upstream_health_checks_total"));
      String exported = platform.metrics();

      assertThat(
              metricsOfAllBounds()
                  .filter(metric ->
                      !Pattern.compile("(?m)^" + patternOf(metric)).matcher(exported).find()))
          .as("not among the metrics of a gateway")
          .isEmpty();
    }
  }

  private static EdgeService watched() throws Exception {
    return (EdgeService)
        FeedCodec.decodeObject(
            EdgeObject.Kind.SERVICE,
            """
            {"name":"watched","endpoints":[{"host":"127.0.0.1","port":1,"tls":false}],
             "healthCheck":{"type":"http","path":"/","interval":"PT0.1S"}}
            """);
  }

  @Test
  void namesProblemsThatThereAre() throws Exception {
    String answers =
        Files.readString(Path.of("src/main/java/dev/gatehouse/gateway/rejection/Rejections.java"));

    assertThat(
            metricsOfAllBounds()
                .flatMap(metric -> PROBLEM.matcher(metric).results())
                .map(found -> found.group(1)))
        .isNotEmpty()
        .allMatch(problem -> answers.contains('"' + problem + '"'));
  }

  private static Stream<String> metricsOfAllBounds() throws Exception {
    Stream<Bound> settings =
        Setting.in(GatewayConfig.class, defaults())
            .filter(each -> each.component().isAnnotationPresent(Bound.class))
            .map(each -> each.component().getAnnotation(Bound.class));
    Stream<Bound> fixed = constants().stream().map(each -> each.getAnnotation(Bound.class));
    return Stream.concat(settings, fixed)
        .map(Bound::metric)
        .filter(metric -> !metric.isEmpty())
        .distinct();
  }

  /** There is a series for each problem once a request has ended with it, and not before. */
  private static String patternOf(String metric) {
    int label = metric.indexOf('{');
    if (label < 0) {
      return metric + "[ {]";
    }
    String name = metric.substring(0, label);
    String labels = metric.substring(label + 1, metric.length() - 1);
    return labels.startsWith("problem=") ? name + "\\{" : name + "\\{([^}]*,)?" + labels + "[,}]";
  }
}

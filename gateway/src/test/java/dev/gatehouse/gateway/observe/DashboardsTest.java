package dev.gatehouse.gateway.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Dashboards, alert rules and docs/metrics.md name what a running gateway exports. */
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DashboardsTest {
  private static final Path GRAFANA = Path.of("../deploy/grafana");
  private static final Path RULES = GRAFANA.resolve("alerts/gatehouse.rules.yml");
  private static final Path DOCUMENT = Path.of("../docs/metrics.md");
  private static final String WRITE = "gatehouse.metrics.write";
  private static final String BEGIN =
      "| metric | type | labels | what it is |\n| --- | --- | --- | --- |\n";

  /** What Prometheus adds to every series that it scrapes. */
  private static final Set<String> OF_PROMETHEUS = Set.of("instance", "job");

  private static final Pattern RULE = Pattern.compile("- alert:");
  private static final Pattern VALUES = Pattern.compile("label_values\\((\\w+), (\\w+)\\)");
  private static final Pattern METER = Pattern.compile("\"(gatehouse\\.[a-z0-9._]+[a-z0-9])\"");

  private Scrape scrape;

  @BeforeAll
  void start(@TempDir Path folder) throws Exception {
    try (BusyGateway gateway = new BusyGateway(folder)) {
      scrape = gateway.scrape();
    }
  }

  private static List<Path> dashboards() throws IOException {
    try (Stream<Path> files = Files.list(GRAFANA.resolve("dashboards"))) {
      return files.sorted().toList();
    }
  }

  private static Map<String, String> expressionsOfDashboards() throws IOException {
    Map<String, String> found = new LinkedHashMap<>();
    for (Path file : dashboards()) {
      JsonArray panels = new JsonObject(Files.readString(file)).getJsonArray("panels");
      for (int i = 0; i < panels.size(); i++) {
        JsonObject panel = panels.getJsonObject(i);
        JsonArray targets = panel.getJsonArray("targets");
        for (int j = 0; j < targets.size(); j++) {
          String name = file.getFileName() + ", " + panel.getString("title") + ", " + j;
          found.put(name, targets.getJsonObject(j).getString("expr"));
        }
      }
    }
    return found;
  }

  private static Map<String, String> expressionsOfRules() throws IOException {
    Map<String, String> found = new LinkedHashMap<>();
    String alert = "";
    StringBuilder folded = null;
    for (String line : Files.readAllLines(RULES)) {
      String text = line.strip();
      if (folded != null && (text.startsWith("for:") || text.startsWith("labels:"))) {
        found.put(alert, folded.toString());
        folded = null;
      }
      if (text.startsWith("- alert:")) {
        alert = text.substring("- alert:".length()).strip();
      } else if (text.equals("expr: |")) {
        folded = new StringBuilder();
      } else if (text.startsWith("expr:")) {
        found.put(alert, text.substring("expr:".length()));
      } else if (folded != null) {
        folded.append(text).append(' ');
      }
    }
    return found;
  }

  private List<String> faultsOf(Map<String, String> expressions) {
    List<String> faults = new ArrayList<>();
    expressions.forEach((name, text) -> {
      Expression expression = Expression.of(text);
      if (expression.matched().isEmpty()) {
        faults.add(name + " asks for nothing: " + text);
      }
      Set<String> labels = new HashSet<>(OF_PROMETHEUS);
      expression
          .matched()
          .forEach((series, matched) -> {
            labels.addAll(scrape.labels(series));
            if (!scrape.has(series)) {
              faults.add(name + ": there is no " + series);
            }
            matched.stream()
                .filter(label -> !OF_PROMETHEUS.contains(label))
                .filter(label -> !scrape.labels(series).contains(label))
                .forEach(label -> faults.add(name + ": " + series + " has no " + label));
          });
      expression.grouped().stream()
          .filter(label -> !labels.contains(label))
          .forEach(label -> faults.add(name + ": nothing has the label " + label));
    });
    return faults;
  }

  @Test
  void dashboardsAskForWhatThereIs() throws Exception {
    assertThat(expressionsOfDashboards()).hasSizeGreaterThan(50);
    assertThat(faultsOf(expressionsOfDashboards())).isEmpty();
  }

  @Test
  void rulesAskForWhatThereIs() throws Exception {
    assertThat(expressionsOfRules()).hasSizeGreaterThan(15);
    assertThat(faultsOf(expressionsOfRules())).isEmpty();
  }

  @Test
  void variablesAskForWhatThereIs() throws Exception {
    for (Path file : dashboards()) {
      Matcher values = VALUES.matcher(Files.readString(file));
      assertThat(values.results())
          .as(file.toString())
          .isNotEmpty()
          .allMatch(each ->
              scrape.has(each.group(1))
                  && (OF_PROMETHEUS.contains(each.group(2))
                      || scrape.labels(each.group(1)).contains(each.group(2))));
    }
  }

  @Test
  void findsWhatIsNotThere() {
    Map<String, String> wrong =
        Map.of(
            "a", "sum by (nobody) (rate(gatehouse_requests_seconds_count{state=\"x\"}[5m]))",
            "b", "max(gatehouse_requests_secs) - on (instance) gatehouse_tenants");

    assertThat(faultsOf(wrong))
        .containsExactlyInAnyOrder(
            "a: gatehouse_requests_seconds_count has no state",
            "a: nothing has the label nobody",
            "b: there is no gatehouse_requests_secs");
  }

  @Test
  void eachRuleSaysHowBadItIsAndWhatToDo() throws Exception {
    for (String rule : RULE.splitAsStream(Files.readString(RULES)).toList()) {
      if (rule.contains("expr:")) {
        assertThat(rule).containsPattern("severity: (page|ticket|info)\n");
        assertThat(rule).contains("summary: \"", "runbook: \"");
      }
    }
  }

  @Test
  void documentSaysWhatIsExported() throws Exception {
    String rows = String.join("\n", scrape.rows()) + "\n";
    String document = Files.readString(DOCUMENT);
    int begin = document.indexOf(BEGIN) + BEGIN.length();
    int end = document.indexOf("\n\n", begin) + 1;
    if (Boolean.getBoolean(WRITE)) {
      document = document.substring(0, begin) + rows + document.substring(end);
      Files.writeString(DOCUMENT, document);
      end = begin + rows.length();
    }

    assertThat(document.substring(begin, end))
        .as("the table of docs/metrics.md is written anew with -D%s=true", WRITE)
        .isEqualTo(rows);
  }

  @Test
  void documentHasEveryMeterOfTheCode() throws Exception {
    String document = Files.readString(DOCUMENT);
    try (Stream<Path> sources = Files.walk(Path.of("src/main/java"))) {
      // Attributes of spans are called alike.
      List<Path> files =
          sources
              .filter(file -> file.toString().endsWith(".java"))
              .filter(file -> !file.endsWith("HttpAttributes.java"))
              .toList();
      for (Path source : files) {
        Matcher meters = METER.matcher(Files.readString(source));
        while (meters.find()) {
          String name = meters.group(1).replace('.', '_');
          assertThat(document).as("%s in %s", name, source).contains("| `" + name);
        }
      }
    }
  }

  @Test
  void rulesAreGoodForPrometheus() throws Exception {
    try (Stream<Path> files = Files.list(GRAFANA.resolve("alerts"))) {
      for (Path file : files.toList()) {
        checkRules(file);
      }
    }
  }

  /** As rules that record something: Prometheus reads expressions of them all alike. */
  @Test
  void dashboardsAreGoodForPrometheus(@TempDir Path folder) throws Exception {
    JsonArray rules = new JsonArray();
    for (String expression : expressionsOfDashboards().values()) {
      rules.add(
          JsonObject.of(
              "record",
              "panel:" + rules.size(),
              "expr",
              expression
                  .replace("$__rate_interval", "5m")
                  .replace("$instance", ".*")
                  .replace("$service", "app")));
    }
    JsonObject group = JsonObject.of("name", "panels", "rules", rules);
    // JSON is YAML.
    Path file = folder.resolve("panels.yml");
    Files.writeString(file, JsonObject.of("groups", JsonArray.of(group)).encode());

    checkRules(file);
  }

  private static void checkRules(Path file) throws Exception {
    boolean installed =
        Pattern.compile(File.pathSeparator)
            .splitAsStream(System.getenv("PATH"))
            .anyMatch(folder -> Files.isExecutable(Path.of(folder, "promtool")));
    assumeTrue(
        installed || System.getenv("GATEHOUSE_REQUIRE_PROGRAMS") != null, "there is no promtool");
    Process check =
        new ProcessBuilder("promtool", "check", "rules", file.toString())
            .redirectErrorStream(true)
            .start();
    String said = new String(check.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(check.waitFor()).as(said).isZero();
  }
}

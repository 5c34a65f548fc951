package dev.gatehouse.deploy.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatehouse.deploy.api.CommandsOfAControlPlane.Run;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Imports, and what else takes a while, against a real control plane. */
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ImportCommandsTest {
  @TempDir private static Path folder;

  private CommandsOfAControlPlane commands;

  @BeforeAll
  void start() throws Exception {
    commands = CommandsOfAControlPlane.start(folder);
  }

  @AfterAll
  void stop() {
    commands.close();
  }

  private Run run(String... arguments) {
    return commands.run(arguments);
  }

  private static String file(String name, Iterable<String> lines) throws Exception {
    return Files.write(folder.resolve(CommandsOfAControlPlane.freshSlug() + name), lines)
        .toString();
  }

  private static JsonNode json(Run run) throws Exception {
    return new ObjectMapper().readTree(run.out());
  }

  @Test
  void createsATenantForEachLineOfAFileAndShowsHowFarItIs() throws Exception {
    List<String> slugs =
        IntStream.range(0, 250).mapToObj(_ -> CommandsOfAControlPlane.freshSlug()).toList();
    List<String> lines = new java.util.ArrayList<>(List.of("slug,name"));
    slugs.forEach(slug -> lines.add(slug + ",\"Name, " + slug + "\""));

    Run imported = run("import", "create", "--file", file(".csv", lines), "-o", "json");

    assertThat(imported.exitCode()).as(imported.toString()).isZero();
    assertThat(json(imported).path("state").asText()).isEqualTo("done");
    assertThat(json(imported).path("created").asInt()).isEqualTo(250);
    assertThat(imported.err())
        .containsPattern("(?m)^250 of 250 lines$")
        .doesNotContain("\u001b", "\r");
    assertThat(run("tenant", "get", slugs.getLast()).out()).contains("Name, " + slugs.getLast());
  }

  @Test
  void endsWithOneWhereLinesWereRefusedAndSaysHowToSeeThem() throws Exception {
    String slug = CommandsOfAControlPlane.freshSlug();
    String good = "{\"slug\": \"%s\", \"name\": \"x\"}".formatted(slug);
    String file = file(".ndjson", List.of(good, "{\"slug\": \"No!\", \"name\": \"x\"}", "{"));

    Run imported = run("import", "create", "--file", file, "-o", "json");

    String id = json(imported).path("id").asText();
    assertThat(imported.exitCode()).isEqualTo(1);
    assertThat(imported.err())
        .contains("2 lines were refused.")
        .contains("gatehouse import errors " + id)
        .contains("gatehouse import errors-export " + id + " --to-file FILE");
    assertThat(run("tenant", "get", slug).exitCode()).isZero();
    Run errors = run("import", "errors", id);
    assertThat(errors.exitCode()).isZero();
    assertThat(errors.out().lines()).hasSize(3);
    assertThat(errors.out()).startsWith("LINE").contains("/slug must match");
    Path csv = folder.resolve(id + ".csv");
    assertThat(run("import", "errors-export", id, "--to-file", csv.toString()).exitCode()).isZero();
    assertThat(Files.readString(csv)).startsWith("line,problem,pointer,detail\r\n2,");
    assertThat(run("import", "errors-export", id).out()).isEqualTo(Files.readString(csv));
    assertThat(run("import", "get", id, "--follow").exitCode()).isEqualTo(1);
    assertThat(run("import", "get", id).exitCode()).isZero();
  }

  @Test
  void createsNothingInADryRun() throws Exception {
    String slug = CommandsOfAControlPlane.freshSlug();
    String file = file(".jsonl", List.of("{\"slug\": \"" + slug + "\", \"name\": \"x\"}"));
    Run dry = run("import", "create", "--dry-run", "--file", file, "-o", "json");
    assertThat(dry.exitCode()).as(dry.toString()).isZero();
    assertThat(json(dry).path("dryRun").asBoolean()).isTrue();
    assertThat(run("tenant", "get", slug).exitCode()).isEqualTo(1);
  }

  @Test
  void waitsLaterWhereAsked() throws Exception {
    List<String> lines =
        IntStream.range(0, 2_000)
            .mapToObj(_ -> CommandsOfAControlPlane.freshSlug())
            .map(slug -> "{\"slug\": \"" + slug + "\", \"name\": \"x\"}")
            .toList();
    Run begun =
        run("import", "create", "--no-wait", "--file", file(".ndjson", lines), "-o", "json");
    String id = json(begun).path("id").asText();
    assertThat(begun.exitCode()).isZero();
    assertThat(json(begun).path("state").asText()).isEqualTo("running");
    assertThat(begun.err())
        .contains("gatehouse import get " + id + " --follow waits for it")
        .contains("gatehouse import cancel " + id + " ends it");
    Run ended = run("import", "get", id, "--follow", "-o", "json");
    assertThat(ended.exitCode()).as(ended.toString()).isZero();
    assertThat(json(ended).path("created").asInt()).isEqualTo(2_000);
    assertThat(ended.err()).contains("2000 of 2000 lines");
    assertThat(run("import", "list").out()).contains(id);
    assertThat(run("import", "cancel", id).exitCode()).isEqualTo(1);
  }

  @Test
  void readsStandardInput() throws Exception {
    String slug = CommandsOfAControlPlane.freshSlug();
    InputStream before = System.in;
    System.setIn(
        new ByteArrayInputStream(("slug,name\n" + slug + ",x\n").getBytes(StandardCharsets.UTF_8)));
    try {
      Run imported = run("import", "create", "--file", "-", "--type", "csv");
      assertThat(imported.exitCode()).as(imported.toString()).isZero();
    } finally {
      System.setIn(before);
    }
    assertThat(run("tenant", "get", slug).exitCode()).isZero();
  }

  @Test
  void saysWhatIsWrongWithTheCommandBeforeAnythingIsSent() throws Exception {
    Run noType = run("import", "create", "--file", file(".txt", List.of("x")));
    assertThat(noType.exitCode()).isEqualTo(2);
    assertThat(noType.err()).contains("Give --type ndjson or csv.");
    Run noFile = run("import", "create", "--file", folder.resolve("none.csv").toString());
    assertThat(noFile.exitCode()).isEqualTo(2);
    assertThat(noFile.err()).contains("none.csv does not exist").hasLineCount(1);
    assertThat(run("import", "create").exitCode()).isEqualTo(2);
  }

  @Test
  void endsWithOneWhereTheWholeImportIsRefused() throws Exception {
    Run empty = run("import", "create", "--file", file(".csv", List.of("slug,name")));
    assertThat(empty.exitCode()).isEqualTo(1);
    assertThat(empty.err()).contains("the import has no lines");
    Run column = run("import", "create", "--file", file(".csv", List.of("slug,shoe", "a,b")));
    assertThat(column.exitCode()).isEqualTo(1);
    assertThat(column.err()).contains("shoe");
    Path wrong = Files.writeString(folder.resolve("wrong"), "gho_0123456789abcdef_x");
    Run stranger =
        CommandsOfAControlPlane.runAt(
            commands.url(), wrong, "import", "create", "--file", file(".csv", List.of("slug")));
    assertThat(stranger.exitCode()).isEqualTo(1);
    assertThat(stranger.err()).contains("A valid token is needed").doesNotContain("sent");
  }

  @Test
  void saysWhyALargeFileIsRefusedInItsMiddle() throws Exception {
    List<String> lines =
        IntStream.range(0, 600).mapToObj(i -> "x".repeat(i == 0 ? 70_000 : 60_000)).toList();
    Run refused = run("import", "create", "--file", file(".ndjson", lines));
    assertThat(refused.exitCode()).as(refused.err()).isEqualTo(1);
    assertThat(refused.err())
        .contains("The body is too large")
        .containsPattern("sent [0-9.]+ of 34.3 MiB");
  }

  @Test
  void followsATenantUntilItIsProvisioned() throws Exception {
    String slug = CommandsOfAControlPlane.freshSlug();
    Run created =
        run(
            "tenant",
            "create",
            "--slug",
            slug,
            "--name",
            "x",
            "--status",
            "pending",
            "--follow",
            "-o",
            "json");
    assertThat(created.exitCode()).as(created.toString()).isZero();
    assertThat(json(created).path("status").asText()).isEqualTo("active");
    assertThat(created.err()).contains("3 of 3 steps, done");
    Run steps = run("provisioning", "get", slug, "--follow");
    assertThat(steps.out())
        .containsPattern("steps\\.0\\.name +place-data")
        .containsPattern("steps\\.2\\.state +done");
  }
}

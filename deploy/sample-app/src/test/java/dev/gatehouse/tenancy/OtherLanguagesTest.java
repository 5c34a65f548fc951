package dev.gatehouse.tenancy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.gatehouse.contract.context.SignedContext;
import dev.gatehouse.contract.database.DatabaseAccess;
import dev.gatehouse.contract.database.IsolationStrategy;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The programs of {@code docs/database} do as the clients for the JVM. */
@Timeout(180)
class OtherLanguagesTest {
  private static final Path PROGRAMS = Path.of("..", "..", "docs", "database").toAbsolutePath();

  @TempDir Path folder;

  /** A language, and where its client of PostgreSQL is. */
  enum Language {
    NODE("node", "mjs", "GATEHOUSE_NODE_MODULES", "pg for Node (npm)"),
    PYTHON(
        "python3", "py", "GATEHOUSE_PYTHON", "psycopg for Python (Debian package python3-psycopg)");

    private final String command;
    private final String extension;
    private final String variable;
    private final String needs;

    Language(String command, String extension, String variable, String needs) {
      this.command = command;
      this.extension = extension;
      this.variable = variable;
      this.needs = needs;
    }

    /** A folder with {@code pg} for Node, an interpreter for Python; else what is installed. */
    Optional<Path> place() {
      return Optional.ofNullable(System.getenv(variable)).map(Path::of);
    }

    String program() {
      return this == PYTHON ? place().map(Path::toString).orElse(command) : command;
    }
  }

  @ParameterizedTest
  @CsvSource({
    "NODE,SHARED",
    "NODE,SCHEMA",
    "NODE,DATABASE",
    "PYTHON,SHARED",
    "PYTHON,SCHEMA",
    "PYTHON,DATABASE"
  })
  void showEachTenantItsOwn(Language language, IsolationStrategy strategy) throws Exception {
    copyPrograms(language);
    try (Placements placements = new Placements(strategy, Postgres.V18)) {
      UUID acme = placements.tenant("acme");
      UUID globex = placements.tenant("globex");
      String input =
          "{\"url\":\"%s\",\"token\":\"%s\",\"requests\":[%s,%s]}"
              .formatted(
                  placements.url(),
                  Placements.OPERATOR_TOKEN,
                  json("acme", placements.request(acme)),
                  json("globex", placements.request(globex)));

      assertThat(run(language, "drive." + language.extension, input))
          .isEqualTo(
              """
              acme: acme 1,acme 2,acme 3
              globex: globex 1,globex 2,globex 3
              left: []
              an error had aborted the transaction
              notes: 4
              """);
    }
  }

  private void copyPrograms(Language language) throws Exception {
    String name = "tenant_database." + language.extension;
    Files.copy(PROGRAMS.resolve(name), folder.resolve(name));
    String driver = "drive." + language.extension;
    try (InputStream in = Objects.requireNonNull(getClass().getResourceAsStream(driver))) {
      Files.copy(in, folder.resolve(driver));
    }
    if (language == Language.NODE) {
      Files.createSymbolicLink(
          folder.resolve("node_modules"), language.place().orElseGet(OtherLanguagesTest::modules));
    }
    String probe = language == Language.NODE ? "import 'pg';" : "import psycopg";
    Path file = folder.resolve("probe." + language.extension);
    Files.writeString(file, probe);
    if (start(language, file.getFileName().toString(), "").exitValue() != 0) {
      String message = language.needs + " is not installed, this test needs it";
      if ("1".equals(System.getenv("GATEHOUSE_REQUIRE_PROGRAMS"))) {
        fail(message);
      }
      abort(message);
    }
  }

  /** A folder with {@code pg}, installed once for all tests; without it where npm is not there. */
  private static synchronized Path modules() {
    Path parent = Path.of("target", "node-pg").toAbsolutePath();
    Path modules = parent.resolve("node_modules");
    if (!Files.exists(modules.resolve("pg"))) {
      try {
        Files.createDirectories(parent);
        Process npm =
            new ProcessBuilder(
                    "npm",
                    "install",
                    "--ignore-scripts",
                    "--no-audit",
                    "--no-fund",
                    "--no-package-lock",
                    "--prefix",
                    parent.toString(),
                    "pg@8.16.3")
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        if (!npm.waitFor(2, TimeUnit.MINUTES)) {
          npm.destroyForcibly();
        }
      } catch (IOException e) {
        // No npm: the probe says what is missing.
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    return modules;
  }

  private String run(Language language, String file, String input) throws Exception {
    Process process = start(language, file, input);
    String output = Files.readString(folder.resolve("output"), UTF_8);
    assertThat(process.exitValue())
        .as(output + Files.readString(folder.resolve("errors"), UTF_8))
        .isZero();
    return output;
  }

  private Process start(Language language, String file, String input) throws Exception {
    Path given = folder.resolve("input");
    Files.writeString(given, input);
    Process process =
        new ProcessBuilder(List.of(language.program(), file))
            .directory(folder.toFile())
            .redirectInput(given.toFile())
            .redirectOutput(folder.resolve("output").toFile())
            .redirectError(folder.resolve("errors").toFile())
            .start();
    if (!process.waitFor(90, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      fail(language + " does not end");
    }
    return process;
  }

  private static String json(String name, SignedContext request) {
    DatabaseAccess access = request.context().database().orElseThrow();
    return "{\"name\":\"%s\",\"jws\":\"%s\",\"claims\":{\"tid\":\"%s\",\"db\":{\"partition\":\"%s\",\"strategy\":\"%s\",\"token\":\"%s\"}}}"
        .formatted(
            name,
            request.jws(),
            request.context().tenantId(),
            access.partition(),
            access.strategy().wireName(),
            access.token());
  }
}

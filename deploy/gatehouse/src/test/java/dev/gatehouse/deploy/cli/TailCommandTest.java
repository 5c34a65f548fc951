package dev.gatehouse.deploy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;

/** Requests of running gateways, as they end. */
@Timeout(60)
class TailCommandTest {
  private final StringWriter errors = new StringWriter();
  private final StringWriter output = new StringWriter();

  private CommandLine command(Ansi ansi) {
    return GatehouseCommand.commandLine("tail")
        .setErr(new PrintWriter(errors))
        .setOut(new PrintWriter(output))
        .setColorScheme(CommandLine.Help.defaultColorScheme(ansi));
  }

  /** Lines are printed by threads of the command. */
  private String printed() {
    synchronized (output.getBuffer()) {
      return output.toString();
    }
  }

  private CompletableFuture<Integer> listening(Ansi ansi, String... arguments) {
    return CompletableFuture.supplyAsync(() -> command(ansi).execute(arguments));
  }

  /** Whoever asks before it listens is not heard: asks again until it is. */
  private void askUntilPrinted(RunningGateway gateway, String tenant, String path, String expected)
      throws Exception {
    while (!printed().contains(expected)) {
      assertThat(gateway.ask(tenant, path)).startsWith("HTTP/1.1 204");
      TimeUnit.MILLISECONDS.sleep(50);
    }
  }

  @Test
  void printsLinesForPeopleUntilTheGatewaysStop(@TempDir Path one, @TempDir Path other)
      throws Exception {
    CompletableFuture<Integer> over;
    try (RunningGateway first = new RunningGateway(one);
        RunningGateway second = new RunningGateway(other)) {
      over =
          listening(
              Ansi.OFF,
              "tail",
              "--tenant",
              "acme",
              "--admin",
              first.admin(),
              "--admin",
              second.admin());
      askUntilPrinted(first, "acme", "/first", " 204 ");
      askUntilPrinted(second, "acme", "/second", "/second");
      assertThat(first.ask("globex", "/other")).startsWith("HTTP/1.1 204");
      askUntilPrinted(first, "acme", "/last", "/last");

      assertThat(printed())
          .contains(first.admin().substring("http://".length()) + " ")
          .containsPattern("204 +[0-9.]+ ms acme GET /first -> app 127.0.0.1:")
          .doesNotContain("globex")
          .doesNotContain("\u001b");
    }
    assertThat(over.get()).isZero();
  }

  @Test
  void printsInColourWhereThatIsWanted(@TempDir Path folder) throws Exception {
    try (RunningGateway gateway = new RunningGateway(folder)) {
      CompletableFuture<Integer> _ = listening(Ansi.ON, "tail", "--admin", gateway.admin());
      askUntilPrinted(gateway, "acme", "/x", "\u001b[32m204");
    }
  }

  @Test
  void printsWholeLinesForPrograms(@TempDir Path folder) throws Exception {
    try (RunningGateway gateway = new RunningGateway(folder)) {
      CompletableFuture<Integer> _ =
          listening(
              Ansi.OFF,
              "tail",
              "--output",
              "json",
              "--status",
              "2xx",
              "--service",
              "app",
              "--admin",
              gateway.admin());
      askUntilPrinted(gateway, "globex", "/x?secret=1", "\n");

      JsonNode line = new ObjectMapper().readTree(printed().lines().findFirst().orElseThrow());
      assertThat(line.path("tenant").asText()).isEqualTo("globex");
      assertThat(line.path("path").asText()).isEqualTo("/x");
      assertThat(line.path("sampled").isBoolean()).isTrue();
    }
  }

  @Test
  void saysWhatIsWrong(@TempDir Path folder) throws Exception {
    assertThat(command(Ansi.OFF).execute("tail", "--admin", "http://127.0.0.1:1")).isEqualTo(1);
    assertThat(errors.toString()).contains("nothing listens there");
    try (RunningGateway gateway = new RunningGateway(folder)) {
      assertThat(command(Ansi.OFF).execute("tail", "--status", "9xx", "--admin", gateway.admin()))
          .isEqualTo(2);
      assertThat(errors.toString()).contains("status must be a code or a class");
    }
  }

  @Test
  void logsAsTheVariableSays() {
    String[] gateway = {"gateway"};
    assertThat(LogFormat.configuration(gateway, "json")).endsWith("logback-json.xml");
    assertThat(LogFormat.configuration(new String[] {"demo"}, "json")).endsWith("json.xml");
    assertThat(LogFormat.configuration(gateway, "text")).endsWith("logback-console.xml");
    assertThat(LogFormat.configuration(new String[] {"demo"}, null)).endsWith("console.xml");
  }
}

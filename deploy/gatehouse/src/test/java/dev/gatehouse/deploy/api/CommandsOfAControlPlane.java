package dev.gatehouse.deploy.api;

import dev.gatehouse.backends.TestBackends;
import dev.gatehouse.controlplane.ControlPlane;
import dev.gatehouse.controlplane.ControlPlaneConfig;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** A control plane with a database of its own, and the commands that ask it. */
final class CommandsOfAControlPlane implements AutoCloseable {
  private final ControlPlane controlPlane;
  private final Path token;

  private CommandsOfAControlPlane(ControlPlane controlPlane, Path token) {
    this.controlPlane = controlPlane;
    this.token = token;
  }

  /**
   * Starts one.
   *
   * @param folder for its token
   */
  static CommandsOfAControlPlane start(Path folder) throws IOException {
    ControlPlane controlPlane =
        ControlPlane.start(
            new ControlPlaneConfig(
                new ControlPlaneConfig.Http("127.0.0.1", 0),
                new ControlPlaneConfig.DatabaseConfig(TestBackends.freshDatabaseUrl(), 10),
                "example.test",
                Base64.getEncoder().encodeToString(new byte[32]),
                Optional.empty()));
    Path token = folder.resolve("token");
    Files.writeString(token, controlPlane.firstTokens().orElseThrow().operatorToken() + "\n");
    return new CommandsOfAControlPlane(controlPlane, token);
  }

  /** Performs a command on it. */
  Run run(String... arguments) {
    return runAt(url(), token, arguments);
  }

  /** Performs a command on another one. */
  static Run runAt(String url, Path token, String... arguments) {
    List<String> all = new ArrayList<>(Arrays.asList(arguments));
    all.addAll(List.of("--url", url, "--token-file", token.toString()));
    return perform(all.toArray(String[]::new));
  }

  /** Performs a command as it stands. */
  Run execute(String... arguments) {
    return perform(arguments);
  }

  private static Run perform(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine program = program();
    program.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
    return new Run(program.execute(arguments), out.toString(), err.toString());
  }

  /** The program with the commands of the API alone. */
  static CommandLine program() {
    CommandLine program = new CommandLine(new Program());
    ApiCommands.addTo(program);
    return program.setCaseInsensitiveEnumValuesAllowed(true);
  }

  String url() {
    return "http://127.0.0.1:" + controlPlane.port();
  }

  String gatewayToken() {
    return controlPlane.firstTokens().orElseThrow().gatewayToken();
  }

  /** The file that holds it. */
  String token() {
    return token.toString();
  }

  static String freshSlug() {
    return "t-" + UUID.randomUUID().toString().substring(0, 30);
  }

  @Override
  public void close() {
    controlPlane.close();
  }

  @Command(name = "gatehouse")
  private static final class Program {}

  /** What a command did. */
  record Run(int exitCode, String out, String err) {}
}

package dev.gatehouse.gateway.outside;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.gateway.Platform;
import dev.gatehouse.gateway.Platform.TestTenant;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** curl as a client of the gateway, with the host and the key of one tenant. */
final class Curl {
  private static final long MOST_SECONDS = 30;

  private final String program = Program.CURL.path();
  private final Platform platform;
  private final TestTenant tenant;

  Curl(Platform platform, TestTenant tenant) {
    this.platform = platform;
    this.tenant = tenant;
  }

  /**
   * What curl speaks. Before its version 8, curl fails when it uses a connection of HTTP/2 by prior
   * knowledge again: with {@link #HTTP_2_CLEAR}, send one request only.
   */
  enum Protocol {
    HTTP_1_1("1.1", false, "--http1.1"),
    HTTP_2_CLEAR("2", false, "--http2-prior-knowledge"),
    HTTP_2_TLS("2", true, "--http2");

    private final String version;
    private final boolean tls;
    private final String option;

    Protocol(String version, boolean tls, String option) {
      this.version = version;
      this.tls = tls;
      this.option = option;
    }

    /** As curl names it. */
    String version() {
      return version;
    }
  }

  /**
   * How one transfer ended.
   *
   * @param exit curl's exit code; 0 if all went well
   * @param heads one for each response, those with 1xx first, then the trailers if there are any
   * @param body as it was received, in ISO 8859-1
   * @param figures what curl measured
   */
  record Answer(int exit, List<String> heads, String body, JsonObject figures) {
    /** Of the final response; 0 if there is none. */
    int status() {
      return figures.getInteger("http_code");
    }

    String version() {
      return figures.getString("http_version");
    }

    /** Connections that were opened for this transfer. */
    int connects() {
      return figures.getInteger("num_connects");
    }

    /** The first value of a header, or of a trailer, of any of the responses; or nothing. */
    String header(String name) {
      String prefix = name.toLowerCase(Locale.ROOT) + ":";
      return heads.stream()
          .flatMap(String::lines)
          .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(prefix))
          .map(line -> line.substring(prefix.length()).strip())
          .findFirst()
          .orElse("");
    }

    JsonObject json() {
      return new JsonObject(body);
    }
  }

  /** One transfer. */
  Answer send(Protocol protocol, String path, String... options)
      throws IOException, InterruptedException {
    return sendEach(protocol, List.of(path), options).getFirst();
  }

  /** One transfer after the other, over one connection as long as the gateway leaves it open. */
  List<Answer> sendEach(Protocol protocol, List<String> paths, String... options)
      throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory("gatehouse-curl");
    try {
      List<String> command = new ArrayList<>(List.of(program));
      for (int i = 0; i < paths.size(); i++) {
        if (i > 0) {
          command.add("--next");
        }
        command.addAll(transfer(protocol, paths.get(i), options));
        command.addAll(
            List.of(
                "--output", folder.resolve("body" + i).toString(),
                "--dump-header", folder.resolve("head" + i).toString(),
                "--write-out", "%{json}\n"));
      }
      Process process =
          new ProcessBuilder(command)
              .redirectOutput(folder.resolve("figures").toFile())
              .redirectError(folder.resolve("errors").toFile())
              .start();
      if (!process.waitFor(MOST_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
        throw new AssertionError("curl was not done after " + MOST_SECONDS + " s: " + command);
      }
      return answers(folder, paths.size(), command);
    } finally {
      delete(folder);
    }
  }

  /** Starts a transfer whose body is read, unbuffered, from the process. */
  Process start(Protocol protocol, String path, String... options) throws IOException {
    List<String> command = new ArrayList<>(List.of(program, "--no-buffer"));
    command.addAll(transfer(protocol, path, options));
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
  }

  private List<String> transfer(Protocol protocol, String path, String... options) {
    int port =
        protocol.tls ? platform.gateway.httpsPort().orElseThrow() : platform.gateway.httpPort();
    String scheme = protocol.tls ? "https" : "http";
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "--silent",
                "--insecure",
                "--noproxy",
                "*",
                protocol.option,
                "--resolve",
                tenant.host() + ":" + port + ":127.0.0.1",
                "--header",
                "X-API-Key: " + tenant.key().reveal()));
    arguments.addAll(List.of(options));
    arguments.add(scheme + "://" + tenant.host() + ":" + port + path);
    return arguments;
  }

  private static List<Answer> answers(Path folder, int count, List<String> command)
      throws IOException {
    List<String> figures = Files.readAllLines(folder.resolve("figures"));
    assertThat(figures).as("%s: %s", command, text(folder.resolve("errors"))).hasSize(count);
    List<Answer> answers = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      JsonObject measured = new JsonObject(figures.get(i));
      List<String> heads =
          Stream.of(text(folder.resolve("head" + i)).split("\r\n\r\n", -1))
              .filter(head -> !head.isBlank())
              .toList();
      answers.add(
          new Answer(
              measured.getInteger("exitcode"), heads, text(folder.resolve("body" + i)), measured));
    }
    return answers;
  }

  private static String text(Path file) throws IOException {
    return Files.exists(file) ? Files.readString(file, StandardCharsets.ISO_8859_1) : "";
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(folder);
  }
}

package dev.gatehouse.deploy.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code gatehouse explain}: asks a running gateway what it would do with a request, and why. */
@Command(
    name = "explain",
    description = "Tells, stage by stage, what would happen to a request, without sending it.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class)
final class ExplainCommand implements Callable<Integer> {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final ObjectMapper JSON = new ObjectMapper();

  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "URL",
      description = "What a client would ask for, such as https://acme.example.com/api.")
  private String url = "";

  @Option(
      names = {"-X", "--method"},
      defaultValue = "GET",
      description = "Method (default ${DEFAULT-VALUE}).")
  private String method = "";

  @Option(
      names = {"-H", "--header"},
      paramLabel = "'NAME: VALUE'",
      description = "Header of the request; may be given more than once.")
  private List<String> headers = new ArrayList<>();

  @Option(
      names = "--admin",
      defaultValue = "http://127.0.0.1:9901",
      description = "Admin port of the gateway that is asked (default ${DEFAULT-VALUE}).")
  private URI admin = URI.create("");

  @Option(names = "--json", description = "Print the answer as the gateway gives it.")
  private boolean json;

  /** Made by picocli. */
  @SuppressWarnings("NullAway.Init") // picocli sets the specification
  ExplainCommand() {}

  @Override
  public Integer call() throws IOException, InterruptedException {
    HttpResponse<String> response = ask();
    JsonNode answer = JSON.readTree(response.body());
    if (response.statusCode() != 200) {
      throw new ParameterException(
          spec.commandLine(), answer.path("detail").asText(response.body()));
    }
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(answer.toPrettyString());
    } else {
      print(answer, out);
    }
    out.flush();
    return ExitCode.OK;
  }

  private HttpResponse<String> ask() throws IOException, InterruptedException {
    StringBuilder query = new StringBuilder("/explain?url=").append(encoded(url));
    query.append("&method=").append(encoded(method));
    headers.forEach(header -> query.append("&header=").append(encoded(header)));
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(
          HttpRequest.newBuilder(admin.resolve(query.toString())).timeout(TIMEOUT).build(),
          BodyHandlers.ofString());
    }
  }

  private static void print(JsonNode answer, PrintWriter out) {
    for (JsonNode step : answer.path("steps")) {
      out.printf(
          "%-13s %s  %s%n",
          step.path("stage").asText(),
          step.path("passed").asBoolean() ? "ok" : "--",
          step.path("because").asText());
    }
    String status = answer.has("status") ? " with " + answer.path("status").asInt() : "";
    out.println("=> " + answer.path("verdict").asText() + status);
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, UTF_8);
  }
}

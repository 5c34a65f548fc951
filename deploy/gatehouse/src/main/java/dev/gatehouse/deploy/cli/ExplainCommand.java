package dev.gatehouse.deploy.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.gatehouse.deploy.api.ExplanationText;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.ConnectException;
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
import org.jspecify.annotations.Nullable;
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
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:the request would be forwarded",
      "1:the gateway cannot be asked",
      "2:wrong usage",
      "3:the request would be refused",
      "4:the client would be redirected"
    },
    mixinStandardHelpOptions = true,
    versionProvider = Version.class)
final class ExplainCommand implements Callable<Integer> {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int REFUSED = 3;
  private static final int REDIRECTED = 4;

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
      names = "--client",
      paramLabel = "ADDRESS",
      description =
          "Address from which the request comes; if it is not said, none is refused for that.")
  private @Nullable String client;

  @Option(
      names = "--admin",
      paramLabel = "URL",
      description =
          "Admin port of the gateway that is asked (default: the demo of this directory, else "
              + AdminPort.USUAL
              + ").")
  private @Nullable URI givenAdmin;

  @Option(
      names = "--output",
      paramLabel = "FORMAT",
      defaultValue = "text",
      description = "text for a person or json for a program (default ${DEFAULT-VALUE}).")
  private Output output = Output.TEXT;

  /** Made by picocli. */
  @SuppressWarnings("NullAway.Init") // picocli sets the specification
  ExplainCommand() {}

  @Override
  public Integer call() throws InterruptedException {
    JsonNode explanation;
    URI admin = URI.create(AdminPort.USUAL);
    try {
      admin = givenAdmin == null ? AdminPort.ofDemoOrUsual() : givenAdmin;
      explanation = explanationIn(ask(admin));
    } catch (IOException e) {
      String reason = e instanceof ConnectException ? "nothing listens there" : e.getMessage();
      spec.commandLine()
          .getErr()
          .println("The gateway cannot be asked at " + admin + " (see --admin): " + reason);
      return ExitCode.SOFTWARE;
    }
    PrintWriter out = spec.commandLine().getOut();
    switch (output) {
      case TEXT -> new ExplanationText(out).print(explanation);
      case JSON -> out.println(explanation.toPrettyString());
    }
    out.flush();
    return switch (explanation.path("verdict").asText()) {
      case "forwarded" -> ExitCode.OK;
      case "redirected" -> REDIRECTED;
      default -> REFUSED;
    };
  }

  private JsonNode explanationIn(HttpResponse<String> response) throws IOException {
    JsonNode answer = jsonIn(response);
    if (response.statusCode() == 400 && answer.has("detail")) {
      throw new ParameterException(spec.commandLine(), answer.path("detail").asText());
    }
    if (response.statusCode() != 200 || !answer.has("verdict")) {
      throw new IOException(
          "what answers there, with " + response.statusCode() + ", is no gateway's admin port");
    }
    return answer;
  }

  private static JsonNode jsonIn(HttpResponse<String> response) {
    try {
      return JSON.readTree(response.body());
    } catch (JsonProcessingException e) {
      return MissingNode.getInstance();
    }
  }

  private HttpResponse<String> ask(URI admin) throws IOException, InterruptedException {
    StringBuilder query = new StringBuilder("/explain?url=").append(encoded(url));
    query.append("&method=").append(encoded(method));
    headers.forEach(header -> query.append("&header=").append(encoded(header)));
    if (client != null) {
      query.append("&client=").append(encoded(client));
    }
    try (HttpClient http = HttpClient.newHttpClient()) {
      return http.send(requestOf(admin, query.toString()), BodyHandlers.ofString());
    }
  }

  private HttpRequest requestOf(URI admin, String query) {
    try {
      return HttpRequest.newBuilder(admin.resolve(query)).timeout(TIMEOUT).build();
    } catch (IllegalArgumentException e) {
      throw new ParameterException(
          spec.commandLine(),
          "--admin must be an http URL, such as http://127.0.0.1:9901, found \"" + admin + "\"",
          e);
    }
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, UTF_8);
  }

  /** How to print. */
  private enum Output {
    TEXT,
    JSON
  }
}

package dev.gatehouse.deploy.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
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
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code gatehouse tail}: shows requests as gateways end them. */
@Command(
    name = "tail",
    description = "Shows the access log of running gateways live, until Ctrl-C.",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:every gateway has ended the log, as at its stop",
      "1:a gateway cannot be listened to",
      "2:wrong usage"
    },
    mixinStandardHelpOptions = true,
    versionProvider = Version.class)
final class TailCommand implements Callable<Integer> {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int MOST_SAID = 300;

  @Spec private CommandSpec spec;

  @Option(
      names = "--tenant",
      paramLabel = "SLUG-OR-ID",
      description = "Only requests of this tenant.")
  private @Nullable String tenant;

  @Option(names = "--service", paramLabel = "NAME", description = "Only requests for this service.")
  private @Nullable String service;

  @Option(
      names = "--status",
      paramLabel = "CODE",
      description = "Only answers with this status, or of this class: 404, 5xx.")
  private @Nullable String status;

  @Option(
      names = "--admin",
      paramLabel = "URL",
      description =
          "Admin port of a gateway; may be given more than once (default: the demo of this"
              + " directory, else "
              + AdminPort.USUAL
              + ").")
  private List<URI> givenAdmins = new ArrayList<>();

  @Option(
      names = "--output",
      paramLabel = "FORMAT",
      defaultValue = "text",
      description = "text for a person or json for a program (default ${DEFAULT-VALUE}).")
  private Output output = Output.TEXT;

  /** Made by picocli. */
  @SuppressWarnings("NullAway.Init") // picocli sets the specification
  TailCommand() {}

  @Override
  public Integer call() throws IOException, InterruptedException {
    List<URI> admins = givenAdmins.isEmpty() ? List.of(AdminPort.ofDemoOrUsual()) : givenAdmins;
    List<HttpRequest> requests = admins.stream().map(this::requestOf).toList();
    TailText text = new TailText(spec.commandLine().getColorScheme().ansi(), admins.size() > 1);
    try (HttpClient http = HttpClient.newBuilder().connectTimeout(TIMEOUT).build();
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      ExecutorCompletionService<Integer> gateways = new ExecutorCompletionService<>(threads);
      requests.forEach(request -> gateways.submit(() -> listen(http, request, text)));
      int worst = ExitCode.OK;
      for (int i = 0; i < requests.size(); i++) {
        worst = Math.max(worst, gateways.take().get());
      }
      return worst;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof ParameterException usage) {
        throw usage;
      }
      throw new IllegalStateException(e.getCause());
    }
  }

  private int listen(HttpClient http, HttpRequest request, TailText text)
      throws InterruptedException {
    URI admin = request.uri();
    try {
      HttpResponse<InputStream> response = http.send(request, BodyHandlers.ofInputStream());
      try (BufferedReader in = new BufferedReader(new InputStreamReader(response.body(), UTF_8))) {
        if (response.statusCode() != 200) {
          return refused(admin, response.statusCode(), in.readLine());
        }
        follow(in, admin, text);
        return ExitCode.OK;
      }
    } catch (IOException e) {
      return failed(
          admin, e instanceof ConnectException ? "nothing listens there" : e.getMessage());
    }
  }

  /** Until the gateway stops, which breaks the connection. */
  private void follow(BufferedReader in, URI admin, TailText text) {
    try {
      in.lines().filter(line -> !line.isEmpty()).forEach(line -> print(line, admin, text));
    } catch (UncheckedIOException _) {
      // There is no more than what was read.
    }
    spec.commandLine().getErr().println("The gateway at " + admin.getAuthority() + " has ended.");
  }

  private int refused(URI admin, int code, @Nullable String body) {
    String said = body == null ? "" : body;
    String detail = jsonIn(said).path("status").asText(said);
    String shown = detail.substring(0, Math.min(MOST_SAID, detail.length()));
    if (code == 400) {
      throw new ParameterException(spec.commandLine(), shown);
    }
    return failed(admin, "it answers " + code + (shown.isEmpty() ? "" : ", " + shown));
  }

  private int failed(URI admin, @Nullable String reason) {
    spec.commandLine()
        .getErr()
        .println(
            "The gateway at "
                + admin.getAuthority()
                + " cannot be listened to (see --admin): "
                + reason);
    return ExitCode.SOFTWARE;
  }

  /** Whole lines, however many gateways there are. */
  private void print(String line, URI admin, TailText text) {
    String shown = output == Output.JSON ? line : text.of(jsonIn(line), admin.getAuthority());
    PrintWriter out = spec.commandLine().getOut();
    synchronized (out) {
      out.println(shown);
      out.flush();
    }
  }

  private static JsonNode jsonIn(String line) {
    try {
      return JSON.readTree(line);
    } catch (JsonProcessingException e) {
      return JSON.createObjectNode();
    }
  }

  private HttpRequest requestOf(URI admin) {
    StringBuilder query = new StringBuilder("/tail");
    add(query, "tenant", tenant);
    add(query, "service", service);
    add(query, "status", status);
    try {
      // No time-out: that is for the answer's beginning alone, which comes at once.
      return HttpRequest.newBuilder(admin.resolve(query.toString())).build();
    } catch (IllegalArgumentException e) {
      throw new ParameterException(
          spec.commandLine(),
          "--admin must be an http URL, such as http://127.0.0.1:9901, found \"" + admin + "\"",
          e);
    }
  }

  private static void add(StringBuilder query, String name, @Nullable String value) {
    if (value != null) {
      query
          .append(query.indexOf("?") < 0 ? '?' : '&')
          .append(name)
          .append('=')
          .append(URLEncoder.encode(value, UTF_8));
    }
  }

  /** How to print. */
  private enum Output {
    TEXT,
    JSON
  }
}

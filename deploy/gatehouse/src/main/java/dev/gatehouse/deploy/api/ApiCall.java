package dev.gatehouse.deploy.api;

import static dev.gatehouse.deploy.api.ApiCommands.given;
import static dev.gatehouse.deploy.api.ApiCommands.optionName;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatehouse.deploy.api.ApiClient.Answer;
import dev.gatehouse.deploy.api.Operation.Field;
import dev.gatehouse.deploy.api.Operation.Parameter;
import java.io.Console;
import java.io.IOException;
import java.net.URLEncoder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** Performs one operation of the API with what the user gave. Blocks. */
final class ApiCall implements Callable<Integer> {
  private static final int REFUSED = 1;
  private static final int UNREACHABLE = 3;
  private static final int MAX_PAGES = 100_000;

  /** For the command's help. */
  static final String EXIT_CODES =
      """
      Exit codes: 0 done; 1 refused by the control plane, which says why; 2 the command itself is
      wrong; 3 the control plane cannot be reached, or failed.\
      """;

  private final Operation operation;
  private @Nullable CommandSpec spec;

  ApiCall(Operation operation) {
    this.operation = operation;
  }

  /** Tells it which command it belongs to. */
  void bind(CommandSpec command) {
    this.spec = command;
  }

  @Override
  public Integer call() throws InterruptedException {
    CommandLine command = Objects.requireNonNull(spec).commandLine();
    ParseResult given = command.getParseResult();
    try {
      confirm(given);
      ApiClient client =
          new ApiClient(
              Connection.find(
                  Optional.ofNullable(given.matchedOptionValue("--url", null)),
                  Optional.ofNullable(given.matchedOptionValue("--token-file", null)),
                  System.getenv()));
      Answer answer =
          operation.streams()
              ? client.pass(pathOf(given, ""), command.getOut())
              : perform(client, given);
      return answer.succeeded() ? show(command, given, answer) : refuse(command, answer);
    } catch (IllegalArgumentException wrong) {
      command.getErr().println(wrong.getMessage());
      return ExitCode.USAGE;
    } catch (IOException e) {
      command.getErr().println(ApiClient.reasonOf(e));
      return UNREACHABLE;
    }
  }

  private Answer perform(ApiClient client, ParseResult given)
      throws IOException, InterruptedException {
    String body = bodyOf(given);
    Map<String, String> headers = headersOf(given);
    Answer answer = client.send(operation.method(), pathOf(given, ""), headers, body);
    if (!operation.isPaged() || !given.hasMatchedOption("--all") || !answer.succeeded()) {
      return answer;
    }
    ObjectNode whole = (ObjectNode) answer.body();
    ArrayNode items = (ArrayNode) whole.path("items");
    JsonNode cursor = whole.remove("nextCursor");
    for (int page = 1; cursor != null && page < MAX_PAGES; page++) {
      Answer next = client.send(operation.method(), pathOf(given, cursor.asText()), headers, body);
      if (!next.succeeded()) {
        return next;
      }
      items.addAll((ArrayNode) next.body().path("items"));
      cursor = next.body().get("nextCursor");
    }
    return answer;
  }

  private String pathOf(ParseResult given, String cursor) {
    String path = operation.path();
    List<Parameter> inPath = operation.inPath();
    for (int i = 0; i < inPath.size(); i++) {
      String value = given.matchedPositionalValue(i, "");
      path = path.replace("{" + inPath.get(i).name() + "}", encoded(value));
    }
    StringBuilder query = new StringBuilder();
    for (Parameter parameter : operation.inQuery()) {
      given(given, optionName(parameter.name()))
          .ifPresent(value -> append(query, parameter.name(), value));
    }
    if (!cursor.isEmpty()) {
      append(query, "cursor", cursor);
    }
    return path + query;
  }

  private static void append(StringBuilder query, String name, String value) {
    query.append(query.isEmpty() ? '?' : '&').append(name).append('=').append(encoded(value));
  }

  /** Empty if the operation takes none, or the user said nothing for it. */
  private String bodyOf(ParseResult given) throws IOException {
    if (operation.body().isEmpty()) {
      return "";
    }
    Operation.Body taken = operation.body().get();
    BodyOptions body = BodyOptions.of(given(given, "--file"));
    for (Field field : taken.fields()) {
      List<String> values = valuesOf(given, field);
      if (!values.isEmpty()) {
        body.set(field.name(), field.type(), values);
      }
    }
    all(given, "--set").forEach(body::set);
    all(given, "--unset").forEach(body::unset);
    return body.isEmpty() && !taken.required() ? "" : body.text();
  }

  private static List<String> valuesOf(ParseResult given, Field field) {
    String option = optionName(field.name());
    return field.type().equals("array")
        ? all(given, option)
        : given(given, option).map(List::of).orElse(List.of());
  }

  private static List<String> all(ParseResult given, String option) {
    return given.hasMatchedOption(option) ? given.matchedOptionValue(option, List.of()) : List.of();
  }

  private Map<String, String> headersOf(ParseResult given) {
    Map<String, String> headers = new LinkedHashMap<>();
    operation.body().ifPresent(body -> headers.put("Content-Type", body.mediaType()));
    given(given, "--if-match").ifPresent(tag -> headers.put("If-Match", tag));
    given(given, "--idempotency-key").ifPresent(key -> headers.put("Idempotency-Key", key));
    if (operation.reachesTheEdge()) {
      int seconds = given.matchedOptionValue("--wait", 5);
      if (seconds > 0) {
        headers.put("Prefer", "wait=" + seconds);
      }
    }
    return headers;
  }

  /** What cannot be taken back asks first, where somebody can answer. */
  private void confirm(ParseResult given) {
    if (!operation.destroys() || given.hasMatchedOption("--yes")) {
      return;
    }
    List<Parameter> inPath = operation.inPath();
    String name = given.matchedPositionalValue(inPath.size() - 1, "");
    Console console =
        Optional.ofNullable(System.console())
            .filter(Console::isTerminal)
            .orElseThrow(() ->
                new IllegalArgumentException(
                    "This cannot be taken back: say --yes where nobody can be asked."));
    String answer =
        console.readLine(
            "%s: %s%nThis cannot be taken back. Type %s to do it: ",
            operation.summary(), name, name);
    if (!name.equals(answer)) {
      throw new IllegalArgumentException("Nothing was done.");
    }
  }

  private static int show(CommandLine command, ParseResult given, Answer answer) {
    if (!answer.body().isEmpty()) {
      Output output = given.matchedOptionValue("--output", Output.TABLE);
      output.print(answer.body(), command.getOut());
      if (output == Output.TABLE && answer.body().has("nextCursor")) {
        command.getErr().println("There are more: --all shows every page.");
      }
    }
    answer
        .header("Gatehouse-Lagging")
        .ifPresent(names ->
            command
                .getErr()
                .println("It is done, but these gateways do not have it yet: " + names));
    return ExitCode.OK;
  }

  private static int refuse(CommandLine command, Answer answer) {
    command.getErr().println(answer.problem());
    return answer.status() < 500 ? REFUSED : UNREACHABLE;
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, UTF_8).replace("+", "%20");
  }
}

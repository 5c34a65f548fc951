package dev.gatehouse.deploy.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatehouse.deploy.api.ApiClient.Answer;
import java.io.Console;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;

/** Performs one operation of the API with what the user gave. Blocks. */
final class ApiCall implements Callable<Integer> {
  private static final int REFUSED = 1;
  private static final int UNREACHABLE = 3;
  private static final int MAX_PAGES = 100_000;

  /** For the command's help. */
  static final String EXIT_CODES =
      """
      Exit codes: 0 done; 1 refused, all or a part of it, by the control plane, which says why; \
      2 the command itself is wrong, or a file cannot be read; 3 the control plane cannot be \
      reached, or failed; 130 interrupted.\
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
    GivenRequest given = new GivenRequest(operation, command.getParseResult());
    try {
      confirm(given);
      ApiClient client =
          new ApiClient(
              Connection.find(
                  Optional.ofNullable(given.arguments().matchedOptionValue("--url", null)),
                  Optional.ofNullable(given.arguments().matchedOptionValue("--token-file", null)),
                  System.getenv()));
      Answer answer = perform(command, client, given);
      if (answer.succeeded() && given.follows()) {
        return follow(command, client, given, answer);
      }
      return answer.succeeded() ? show(command, given, answer) : refuse(command, answer);
    } catch (IllegalArgumentException wrong) {
      command.getErr().println(wrong.getMessage());
      return ExitCode.USAGE;
    } catch (FileSystemException | FileNotFoundException wrong) {
      command.getErr().println(faultOf(wrong));
      return ExitCode.USAGE;
    } catch (IOException e) {
      command.getErr().println(ApiClient.reasonOf(e));
      return UNREACHABLE;
    }
  }

  private Answer perform(CommandLine command, ApiClient client, GivenRequest given)
      throws IOException, InterruptedException {
    if (operation.exports()) {
      return client.export(given.path(), ExportTarget.of(given.target(), command.getOut()));
    }
    if (!operation.uploads().isEmpty()) {
      return client.upload(
          operation.method(),
          given.path(),
          given.headers(),
          given.upload(),
          new ProgressDisplay(command.getErr()));
    }
    Answer answer = client.send(operation.method(), given.path(), given.headers(), given.body());
    boolean all = operation.isPaged() && given.arguments().hasMatchedOption("--all");
    return all && answer.succeeded() ? withAllPages(client, given, answer) : answer;
  }

  private Answer withAllPages(ApiClient client, GivenRequest given, Answer first)
      throws IOException, InterruptedException {
    ObjectNode whole = (ObjectNode) first.body();
    ArrayNode items = (ArrayNode) whole.path("items");
    JsonNode cursor = whole.remove("nextCursor");
    for (int page = 1; cursor != null && page < MAX_PAGES; page++) {
      Answer next =
          client.send(operation.method(), given.path(cursor.asText()), given.headers(), "");
      if (!next.succeeded()) {
        return next;
      }
      items.addAll((ArrayNode) next.body().path("items"));
      cursor = next.body().get("nextCursor");
    }
    return first;
  }

  /** Waits for what the answer has begun, and shows what came of it. */
  private int follow(CommandLine command, ApiClient client, GivenRequest given, Answer begun)
      throws IOException, InterruptedException {
    ProgressOperations progress = operation.progress().orElseThrow();
    String name = begun.body().path("id").asText(given.lastName());
    Follower follower =
        new Follower(client, command.getErr(), new ProgressDisplay(command.getErr()));
    Answer ended =
        follower.untilEnded(
            progress.pathOf(GivenRequest.encoded(name)), Advice.comeBack(progress, name));
    if (!ended.succeeded()) {
      return refuse(command, ended);
    }
    Optional<String> made = begun.header("Location");
    Answer last = made.isPresent() ? client.send("GET", made.get(), Map.of(), "") : ended;
    if (!last.succeeded()) {
      return refuse(command, last);
    }
    int shown = show(command, given, last);
    Optional<String> incomplete = Advice.incomplete(progress, name, ended.body());
    incomplete.ifPresent(command.getErr()::println);
    return incomplete.isPresent() ? REFUSED : shown;
  }

  /** What cannot be taken back asks first, where somebody can answer. */
  private void confirm(GivenRequest given) {
    if (!operation.destroys() || given.arguments().hasMatchedOption("--yes")) {
      return;
    }
    String name = given.lastName();
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

  private int show(CommandLine command, GivenRequest given, Answer answer) {
    if (!answer.body().isEmpty()) {
      Output output = given.arguments().matchedOptionValue("--output", Output.TABLE);
      output.print(answer.body(), operation.columns(), command.getOut());
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
    if (!given.follows() && !answer.body().isEmpty()) {
      Advice.follow(operation, answer.body()).ifPresent(command.getErr()::println);
    }
    return ExitCode.OK;
  }

  private static int refuse(CommandLine command, Answer answer) {
    command.getErr().println(answer.problem());
    return answer.status() < 500 ? REFUSED : UNREACHABLE;
  }

  private static String faultOf(IOException wrong) {
    return switch (wrong) {
      case NoSuchFileException missing -> missing.getFile() + " does not exist";
      case AccessDeniedException denied -> denied.getFile() + ": permission denied";
      default -> String.valueOf(wrong.getMessage());
    };
  }
}

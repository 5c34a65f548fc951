package dev.gatehouse.deploy.api;

import dev.gatehouse.controlplane.api.ApiDocument;
import dev.gatehouse.deploy.api.Operation.Field;
import dev.gatehouse.deploy.api.Operation.Parameter;
import java.net.URI;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/**
 * Makes a command of every operation of the API, {@code gatehouse NOUN VERB}, with the path's
 * parameters as arguments, and the query's and the body's fields as options.
 */
public final class ApiCommands {
  /** What a field cannot be called on the command line. */
  private static final Set<String> OWN_OPTIONS =
      Set.of("--url", "--token-file", "--output", "--file", "--set", "--yes", "--all", "--wait");

  private ApiCommands() {}

  /** Adds them to the program. Reads the API's document, which takes a moment. */
  public static void addTo(CommandLine program) {
    program.addSubcommand("top", new CommandLine(new TopCommand()));
    Map<String, CommandLine> nouns = new LinkedHashMap<>();
    for (Operation operation : Operations.in(ApiDocument.load().yaml().getBytes())) {
      CommandLine noun = nouns.computeIfAbsent(operation.noun(), name -> nounOf(program, name));
      noun.addSubcommand(operation.verb(), new CommandLine(command(operation)));
    }
    nouns.forEach((name, noun) -> {
      if (program.getSubcommands().containsKey(name)) {
        return; // it has verbs of its own beside those of the API
      }
      String verbs = String.join(", ", noun.getSubcommands().keySet());
      noun.getCommandSpec().usageMessage().description(verbs);
      program.addSubcommand(name, noun);
    });
  }

  private static CommandLine nounOf(CommandLine program, String name) {
    CommandLine known = program.getSubcommands().get(name);
    return known == null ? new CommandLine(group(name)) : known;
  }

  private static CommandSpec group(String noun) {
    return CommandSpec.create().name(noun).mixinStandardHelpOptions(true);
  }

  private static CommandSpec command(Operation operation) {
    ApiCall call = new ApiCall(operation);
    CommandSpec spec = CommandSpec.wrapWithoutInspection(call).name(operation.verb());
    call.bind(spec);
    spec.mixinStandardHelpOptions(true);
    spec.usageMessage()
        .description(operation.summary() + ".", operation.description())
        .footer("", ApiCall.EXIT_CODES);
    for (Parameter parameter : operation.inPath()) {
      spec.addPositional(
          PositionalParamSpec.builder()
              .paramLabel(parameter.name().toUpperCase(Locale.ROOT))
              .type(String.class)
              .required(true)
              .description(parameter.description())
              .build());
    }
    operation.inQuery().forEach(parameter -> spec.addOption(query(parameter)));
    operation.body().ifPresent(body -> addBody(spec, body));
    addHeaders(spec, operation);
    addLongWork(spec, operation);
    addConnection(spec);
    if (!operation.exports()) {
      addOutput(spec);
    }
    return spec;
  }

  private static OptionSpec query(Parameter parameter) {
    return text(optionName(parameter.name()), parameter.description())
        .required(parameter.required())
        .arity(parameter.isFlag() ? "0..1" : "1")
        .fallbackValue("true")
        .completionCandidates(named(parameter.values()))
        .build();
  }

  private static void addBody(CommandSpec spec, Operation.Body body) {
    for (Field field : body.fields()) {
      String name = optionName(field.name());
      if (!hasOption(field)) {
        continue; // by --set or --file
      }
      switch (field.type()) {
        case "object" -> {} // as above
        case "array" ->
            spec.addOption(
                repeated(name, "VALUE", field.description())
                    .completionCandidates(named(field.values()))
                    .build());
        default ->
            spec.addOption(
                text(name, field.description())
                    .completionCandidates(named(field.values()))
                    .build());
      }
    }
    spec.addOption(file("--file", "YAML or JSON to begin with; - is standard input.").build());
    spec.addOption(
        repeated(
                "--set",
                "NAME=VALUE",
                "Sets a field of the body at any depth, with dots between the names.")
            .build());
    if (body.isPatch()) {
      spec.addOption(
          repeated("--unset", "NAME", "Takes a field away, such as limits.burst.").build());
    }
  }

  private static void addLongWork(CommandSpec spec, Operation operation) {
    if (!operation.uploads().isEmpty()) {
      List<String> types = operation.uploads().stream().map(Upload::shortName).toList();
      String names = String.join(" or ", types);
      spec.addOption(
          file("--file", "What is sent, " + names + "; - is standard input.")
              .required(true)
              .build());
      spec.addOption(
          text("--type", names + ", where the ending of the file's name does not say it.")
              .paramLabel("TYPE")
              .completionCandidates(types)
              .build());
      spec.addOption(
          OptionSpec.builder("--no-wait")
              .type(boolean.class)
              .description("Do not wait until it has ended.")
              .build());
    } else if (operation.progress().isPresent()) {
      spec.addOption(
          OptionSpec.builder("--follow")
              .type(boolean.class)
              .description("Wait until it has ended, and show how far it is.")
              .build());
    }
    if (operation.exports()) {
      spec.addOption(file("--to-file", "Where it goes, in place of standard output.").build());
    }
  }

  private static void addHeaders(CommandSpec spec, Operation operation) {
    if (operation.takesVersion()) {
      spec.addOption(
          text("--if-match", "Refuse if it has another entity tag meanwhile.")
              .paramLabel("ETAG")
              .build());
    }
    if (operation.isRepeatable()) {
      spec.addOption(
          text("--idempotency-key", "The same key twice does it once.").paramLabel("KEY").build());
    }
    if (operation.reachesTheEdge()) {
      spec.addOption(
          OptionSpec.builder("--wait")
              .type(int.class)
              .paramLabel("SECONDS")
              .defaultValue("5")
              .description("How long to wait for all gateways (default ${DEFAULT-VALUE}).")
              .build());
    }
    if (operation.destroys()) {
      spec.addOption(
          OptionSpec.builder("--yes").type(boolean.class).description("Do not ask first.").build());
    }
    if (operation.isPaged()) {
      spec.addOption(
          OptionSpec.builder("--all").type(boolean.class).description("Every page.").build());
    }
  }

  private static void addConnection(CommandSpec spec) {
    spec.addOption(
        OptionSpec.builder("--url")
            .type(URI.class)
            .paramLabel("URL")
            .description("The control plane (default: GATEHOUSE_URL, or the demo here).")
            .build());
    spec.addOption(
        OptionSpec.builder("--token-file")
            .type(Path.class)
            .paramLabel("FILE")
            .description("Holds the token (default: GATEHOUSE_TOKEN, or the demo's).")
            .build());
  }

  private static void addOutput(CommandSpec spec) {
    spec.addOption(
        OptionSpec.builder("-o", "--output")
            .type(Output.class)
            .paramLabel("FORMAT")
            .defaultValue("table")
            .description("table, json or yaml (default ${DEFAULT-VALUE}).")
            .build());
  }

  private static OptionSpec.Builder repeated(String name, String label, String description) {
    return OptionSpec.builder(name)
        .type(List.class)
        .auxiliaryTypes(String.class)
        .arity("1")
        .paramLabel(label)
        .description(description);
  }

  /** A shell completes names of files here. */
  private static OptionSpec.Builder file(String name, String description) {
    return OptionSpec.builder(name)
        .type(Path.class)
        .arity("1")
        .paramLabel("FILE")
        .description(description);
  }

  /** What a shell completes: all but the empty value. */
  private static @Nullable List<String> named(List<String> values) {
    List<String> named = values.stream().filter(value -> !value.isEmpty()).toList();
    return named.isEmpty() ? null : named;
  }

  private static OptionSpec.Builder text(String name, String description) {
    return OptionSpec.builder(name)
        .type(String.class)
        .arity("1")
        .paramLabel("VALUE")
        .description(description);
  }

  /** Whether a field of a body has an option of its own: not where that is every command's. */
  static boolean hasOption(Field field) {
    return !OWN_OPTIONS.contains(optionName(field.name()));
  }

  /** {@code customerReference} is {@code --customer-reference}. */
  static String optionName(String name) {
    return "--" + String.join("-", Operation.wordsOf(name));
  }

  /** What a user gave for an option. */
  static Optional<String> given(CommandLine.ParseResult result, String option) {
    return result.hasMatchedOption(option)
        ? Optional.ofNullable(result.matchedOptionValue(option, (Object) null))
            .map(Object::toString)
        : Optional.empty();
  }
}

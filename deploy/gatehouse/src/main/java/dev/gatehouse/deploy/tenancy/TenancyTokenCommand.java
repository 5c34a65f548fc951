package dev.gatehouse.deploy.tenancy;

import dev.gatehouse.contract.database.DatabaseTokenKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.UUID;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code gatehouse tenancy token}. */
@Command(
    name = "token",
    description = {
      "Mints a token for tenancy.enter, for trials and for jobs that no request has begun.",
      "Whoever has the key can be every tenant: keep it where the application cannot read it."
    },
    mixinStandardHelpOptions = true)
final class TenancyTokenCommand implements Callable<Integer> {
  private static final Duration MOST = Duration.ofDays(1);

  @Spec private CommandSpec spec;

  @Option(
      names = "--key-file",
      paramLabel = "FILE",
      required = true,
      description = "Holds the key: Base64 of 32 bytes.")
  private Path file = Path.of("");

  @Option(names = "--key-id", paramLabel = "ID", required = true, description = "The key's id.")
  private String id = "";

  @Option(names = "--audience", required = true, description = "What the key was put in for.")
  private String audience = "";

  @Option(names = "--tenant", paramLabel = "ID", required = true, description = "Whose it is.")
  private UUID tenant = new UUID(0, 0);

  @Option(
      names = "--for",
      paramLabel = "DURATION",
      description = "How long it is good, at most a day (default ${DEFAULT-VALUE}).")
  private Duration time = Duration.ofMinutes(1);

  /** Made by picocli. */
  @SuppressWarnings("NullAway.Init") // picocli sets the specification
  TenancyTokenCommand() {}

  @Override
  public Integer call() throws IOException {
    if (time.isNegative() || time.compareTo(MOST) > 0) {
      throw new ParameterException(spec.commandLine(), "--for must be at most " + MOST);
    }
    try {
      byte[] secret = Base64.getDecoder().decode(Files.readString(file).strip());
      DatabaseTokenKey key = new DatabaseTokenKey(id, secret, audience);
      spec.commandLine().getOut().println(key.mint(tenant, Instant.now().plus(time)));
      return 0;
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
    }
  }
}

package dev.gatehouse.deploy.cli;

import dev.gatehouse.contract.audit.AuditChain;
import dev.gatehouse.contract.audit.AuditKey;
import dev.gatehouse.contract.audit.ExportVerifier;
import dev.gatehouse.contract.audit.PinnedKeys;
import dev.gatehouse.contract.audit.Verdict;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code gatehouse audit verify}: checks an export, without a connection to anything. */
@Command(
    name = "verify",
    description = {
      "Checks an export of the audit trail offline, and names the first entry that does not fit.",
      "Exit code 0: all of it fits. 1: something does not. 2: a file or an option cannot be used."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Version.class)
final class AuditVerifyCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "FILE", description = "What GET …/audit/export has answered.")
  private Path file = Path.of("");

  @Option(
      names = "--keys",
      paramLabel = "FILE",
      required = true,
      description =
          "The public keys that you trust: what GET /v1/audit/keys answered when you first asked.")
  private Path keys = Path.of("");

  @Option(
      names = "--tenant",
      paramLabel = "ID",
      description = "Whose export it must be; 'platform' for the platform's own.")
  private Optional<String> tenant = Optional.empty();

  /** Made by picocli. */
  @SuppressWarnings("NullAway.Init") // picocli sets the specification
  AuditVerifyCommand() {}

  @Override
  public Integer call() throws IOException {
    try {
      List<AuditKey> pinned = PinnedKeys.read(keys);
      return report(new ExportVerifier(file, pinned, chain()).verify());
    } catch (NoSuchFileException e) {
      throw new ParameterException(spec.commandLine(), "There is no such file: " + e.getFile(), e);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
    }
  }

  private Optional<UUID> chain() {
    return tenant.map(id -> {
      try {
        return id.equals("platform") ? AuditChain.PLATFORM : UUID.fromString(id);
      } catch (IllegalArgumentException e) {
        throw new ParameterException(
            spec.commandLine(),
            "--tenant must be the id of a tenant, or 'platform', found '%s'".formatted(id),
            e);
      }
    });
  }

  private int report(Verdict verdict) {
    return switch (verdict) {
      case Verdict.Sound sound -> {
        tell(sound);
        yield ExitCode.OK;
      }
      case Verdict.Broken broken -> {
        spec.commandLine()
            .getErr()
            .println(
                broken.kind().name().toLowerCase(Locale.ROOT).replace('_', '-')
                    + ": "
                    + broken.explanation());
        yield ExitCode.SOFTWARE;
      }
    };
  }

  private void tell(Verdict.Sound sound) {
    PrintWriter out = spec.commandLine().getOut();
    out.println(
        "Entries %d to %d of %s fit."
            .formatted(
                sound.from(),
                sound.through(),
                sound.chain().equals(AuditChain.PLATFORM)
                    ? "the platform"
                    : "tenant " + sound.chain()));
    long signed = Math.min(sound.signedThrough(), sound.through());
    out.println(
        "The checkpoint of %s vouches for them up to %d.".formatted(sound.signedAt(), signed));
    if (sound.through() > sound.signedThrough()) {
      out.println(
          "Entries from %d on are newer: until the next checkpoint, nothing would tell if the newest were cut off."
              .formatted(sound.signedThrough() + 1));
    }
  }
}

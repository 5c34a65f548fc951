package dev.gatehouse.deploy.cli;

import dev.gatehouse.backends.PrivateFile;
import dev.gatehouse.controlplane.secret.DecapsulationKey;
import dev.gatehouse.controlplane.secret.MasterKey;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code gatehouse master-key}: makes master keys, without a connection to anything. */
@Command(
    name = "master-key",
    description = {
      "Prints a new master key for the control plane, or the second half of one.",
      "See docs/keys.md for what they are for, and how one is replaced."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Version.class)
final class MasterKeyCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--second-half",
      paramLabel = "FILE",
      description =
          "Writes a private key of ML-KEM-768 to this file, which its owner alone can read, for"
              + " decapsulationKey, and prints what stands behind a master key then.")
  private Optional<Path> secondHalf = Optional.empty();

  /** Made by picocli. */
  @SuppressWarnings("NullAway.Init") // picocli sets the specification
  MasterKeyCommand() {}

  @Override
  public Integer call() throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    out.println(secondHalf.isPresent() ? madeFor(secondHalf.get()) : newKey());
    out.flush();
    return ExitCode.OK;
  }

  private static String newKey() {
    byte[] key = new byte[MasterKey.LENGTH];
    new SecureRandom().nextBytes(key);
    return Base64.getEncoder().encodeToString(key);
  }

  /** A key that is there is not written over: what was sealed with it would be lost. */
  private String madeFor(Path file) throws IOException {
    if (Files.exists(file)) {
      throw new ParameterException(spec.commandLine(), file + " is there already.");
    }
    DecapsulationKey.Made made = DecapsulationKey.make();
    PrivateFile.write(file, made.decapsulationKey() + "\n");
    return "+ ml-kem:" + made.encapsulated();
  }
}

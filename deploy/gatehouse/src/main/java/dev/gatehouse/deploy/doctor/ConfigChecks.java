package dev.gatehouse.deploy.doctor;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.gatehouse.contract.edge.FeedMessage;
import dev.gatehouse.gateway.GatewayConfig;
import dev.gatehouse.gateway.directory.FeedConfig;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a configuration file says, and the directories, files and tokens that it names. */
final class ConfigChecks {
  private static final long LITTLE = 1L << 30;
  private static final long TOO_LITTLE = 64L << 20;
  private static final double GIB = 1L << 30;

  private final Optional<URI> controlPlane;
  private final InstantSource clock;

  /**
   * @param controlPlane the one that is looked at besides
   */
  ConfigChecks(Optional<URI> controlPlane, InstantSource clock) {
    this.controlPlane = controlPlane;
    this.clock = clock;
  }

  Group group(ConfigFile file) {
    return switch (file) {
      case ConfigFile.Unusable unusable ->
          Group.of(
              "Configuration " + unusable.file(),
              List.of(new Check("settings", () -> faults(unusable))));
      case ConfigFile.OfControlPlane read ->
          Group.of("Configuration " + read.file(), List.of(settings("a control plane")));
      case ConfigFile.OfGateway read -> ofGateway(read);
    };
  }

  private static Check settings(String whose) {
    return Check.of("settings", () -> Finding.ok("They are in order, for " + whose + "."));
  }

  private static List<Finding> faults(ConfigFile.Unusable unusable) {
    return unusable.faults().stream().map(ConfigChecks::fault).toList();
  }

  private static Finding fault(String fault) {
    return Finding.failed(
        fault,
        fault.contains("environment variable")
            ? "Set it for the part, and for the doctor: run it with the environment of the part."
            : "Correct it: the part does not start with it. docs/running.md has all settings.");
  }

  private Group ofGateway(ConfigFile.OfGateway read) {
    GatewayConfig config = read.config();
    List<Check> checks = new ArrayList<>(List.of(settings("a gateway")));
    config
        .https()
        .ifPresent(https -> {
          checks.add(
              Check.of(
                  "certificate", () -> Certificates.inFile(https.certificate(), clock.instant())));
          checks.add(Check.of("its key", () -> readable(https.key())));
        });
    config
        .snapshot()
        .ifPresent(snapshot -> {
          Path folder = snapshot.file().toAbsolutePath().resolveSibling("");
          checks.add(Check.of("snapshot.file", () -> writable(folder)));
        });
    config
        .usage()
        .directory()
        .ifPresent(folder ->
            checks.add(Check.of("usage.directory", () -> writable(folder.toAbsolutePath()))));
    checks.add(Check.of("feed.token", () -> feedToken(config.feed(), config.name())));
    return Group.of("Configuration " + read.file(), checks);
  }

  private static Finding readable(Path file) {
    return Files.isReadable(file)
        ? Finding.ok("It can be read.")
        : Finding.failed(
            file + " is not there, or cannot be read by this user.",
            "Put it there, or correct https.key; let the gateway's user read it.");
  }

  /** The gateway makes what is not there yet. */
  private static Finding writable(Path folder) throws IOException {
    Path there = folder;
    while (!Files.exists(there) && there.getParent() != null) {
      there = there.getParent();
    }
    if (!Files.isDirectory(there) || !Files.isWritable(there)) {
      return Finding.failed(
          there + " cannot be written to by the user " + System.getProperty("user.name") + ".",
          "If the gateway runs as this user: chown or chmod it. Else run the doctor as the"
              + " gateway's user.");
    }
    FileStore store = Files.getFileStore(there);
    String free = "%.1f GiB are free in %s".formatted(store.getUsableSpace() / GIB, there);
    String advice = "Make room there, or name a folder elsewhere.";
    if (store.getUsableSpace() < TOO_LITTLE) {
      return Finding.failed("Only " + free + ".", advice);
    }
    return store.getUsableSpace() < LITTLE
        ? Finding.warning("Only " + free + ".", advice)
        : Finding.ok("It can be written; " + free + ".");
  }

  /** Asks for what cannot be, so that the control plane does not think that a gateway is there. */
  private Finding feedToken(FeedConfig feed, Optional<String> name)
      throws IOException, InterruptedException {
    URI url = feed.url();
    try (Probe probe = new Probe(url, feed.token(), feed.trust())) {
      Probe.Answer answer =
          probe.get(
              FeedMessage.FEED_PATH
                  + "?since=nothing&gateway="
                  + URLEncoder.encode(name.orElse("doctor"), UTF_8));
      return switch (answer.status()) {
        case 400 -> Finding.ok("The control plane at " + url + " accepts it.");
        case 503 -> Finding.skipped("The control plane at " + url + " is not ready to say.");
        case 403 ->
            name.isEmpty()
                ? Finding.skipped("It is for some names, and this configuration gives none.")
                : Finding.failed(
                    "The control plane at " + url + " says " + answer.inWords() + ".",
                    "Give this gateway the name that the token is for (name), or a token that is for"
                        + " its name.");
        case 401 ->
            Finding.failed(
                "The control plane at " + url + " does not accept it.",
                "Set feed.token to a gateway's token of this control plane: that of its first start,"
                    + " or a new one.");
        default ->
            Finding.failed(
                "What answers at " + url + " says " + answer.inWords() + ".",
                "Look whether feed.url is the control plane, and whether it is ready.");
      };
    } catch (IOException e) {
      if (controlPlane.equals(Optional.of(url))) {
        return Finding.skipped("The control plane does not answer, see below.");
      }
      return Finding.failed(
          "The control plane at " + url + " does not answer: " + Reasons.of(e) + ".",
          "Start it, or correct feed.url; then look at the network between.");
    }
  }
}

package dev.gatehouse.deploy.doctor;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;

/** Calls the doctor, and reads what it says. */
final class Surgery {
  private final Path folder;
  private InstantSource clock = InstantSource.system();

  Surgery(Path folder) {
    this.folder = folder;
  }

  /** One whose clock is ahead of everybody's. */
  Surgery ahead(Duration by) {
    clock = Clock.offset(Clock.system(ZoneOffset.UTC), by);
    return this;
  }

  /** Writes a configuration and gives its path. */
  String file(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text).toString();
  }

  Said call(String... arguments) {
    StringWriter out = new StringWriter();
    PrintWriter writer = new PrintWriter(out, true);
    int code =
        new CommandLine(new DoctorCommand(Map.of(), clock))
            .setCaseInsensitiveEnumValuesAllowed(true)
            .setOut(writer)
            .setErr(writer)
            .execute(arguments);
    return new Said(code, out.toString());
  }

  /** In JSON. */
  Findings findings(String... arguments) throws IOException {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--output", "json"));
    Said said = call(all.toArray(String[]::new));
    return new Findings(said.code(), new ObjectMapper().readTree(said.out()));
  }

  /** A port at which nobody listens. */
  static int closedPort() throws IOException {
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return free.getLocalPort();
    }
  }

  record Said(int code, String out) {}

  record Findings(int code, JsonNode json) {
    /** Grade and sentence of the checks of this name, in groups that begin so. */
    List<String> of(String group, String check) {
      return json.path("findings")
          .valueStream()
          .filter(one -> one.path("group").asText().startsWith(group))
          .filter(one -> one.path("check").asText().equals(check))
          .map(one -> one.path("grade").asText() + ": " + one.path("found").asText())
          .toList();
    }
  }
}

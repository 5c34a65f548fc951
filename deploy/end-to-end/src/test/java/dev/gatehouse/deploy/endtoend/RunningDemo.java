package dev.gatehouse.deploy.endtoend;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A demo that was started by {@code ./gatehouse demo}. */
final class RunningDemo implements AutoCloseable {
  private static final long START_NANOS = TimeUnit.SECONDS.toNanos(180);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path directory;
  private final Path outputFile;
  private final Process supervisor;
  private final JsonNode description;

  private RunningDemo(Path directory, Path outputFile, Process supervisor, JsonNode description) {
    this.directory = directory;
    this.outputFile = outputFile;
    this.supervisor = supervisor;
    this.description = description;
  }

  /** Starts one on free ports and waits until it is ready. */
  static RunningDemo start(Path directory) throws IOException {
    Files.createDirectories(directory);
    Path output = directory.resolveSibling(directory.getFileName() + ".out");
    Process supervisor =
        Launcher.command("demo", "--data-dir", directory.toString(), "--ports", "0")
            .redirectOutput(output.toFile())
            .start();
    Path description = directory.resolve("demo.json");
    long deadline = System.nanoTime() + START_NANOS;
    while (!Files.exists(description) || isOfAnother(description, supervisor)) {
      if (!supervisor.isAlive() || System.nanoTime() > deadline) {
        supervisor.destroy();
        throw new IOException("the demo did not become ready:\n" + Files.readString(output));
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
    }
    return new RunningDemo(directory, output, supervisor, JSON.readTree(description.toFile()));
  }

  /** One that an earlier, killed demo has left. */
  private static boolean isOfAnother(Path description, Process supervisor) throws IOException {
    return Files.getLastModifiedTime(description)
        .toInstant()
        .isBefore(supervisor.info().startInstant().orElseThrow());
  }

  Path directory() {
    return directory;
  }

  String output() throws IOException {
    return Files.readString(outputFile);
  }

  int gatewayPort() {
    return port("gatewayUrl");
  }

  String gatewayAdminUrl() {
    return description.path("gatewayAdminUrl").asText();
  }

  String controlPlaneUrl() {
    return description.path("controlPlaneUrl").asText();
  }

  String adminToken() {
    return description.path("adminToken").asText();
  }

  JsonNode tenant(String slug) {
    return description
        .path("tenants")
        .valueStream()
        .filter(tenant -> tenant.path("slug").asText().equals(slug))
        .findFirst()
        .orElseThrow();
  }

  String id(String slug) {
    return tenant(slug).path("id").asText();
  }

  String apiKey(String slug) {
    return tenant(slug).path("apiKey").asText();
  }

  /** A process by its name in {@code demo.json}. */
  ProcessHandle process(String name) {
    return ProcessHandle.of(description.path("processes").path(name).asLong()).orElseThrow();
  }

  /** All processes but the supervisor. */
  List<ProcessHandle> processes() {
    return description
        .path("processes")
        .valueStream()
        .flatMap(pid -> ProcessHandle.of(pid.asLong()).stream())
        .toList();
  }

  Process supervisor() {
    return supervisor;
  }

  /** As kill -9 does. */
  void kill(String name) throws Exception {
    ProcessHandle process = process(name);
    process.destroyForcibly();
    process.onExit().get(30, TimeUnit.SECONDS);
  }

  private int port(String field) {
    return Integer.parseInt(description.path(field).asText().replaceFirst(".*:", ""));
  }

  /** SIGTERM. */
  @Override
  public void close() throws IOException {
    supervisor.destroy();
    try {
      if (!supervisor.waitFor(90, TimeUnit.SECONDS)) {
        supervisor.destroyForcibly();
        throw new IOException("the demo did not stop within 90 s:\n" + output());
      }
    } catch (InterruptedException e) {
      supervisor.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}

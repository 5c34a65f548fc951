package dev.gatehouse.deploy.demo;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.gatehouse.backends.PrivateFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** {@code demo.json}: there while the demo is ready, and tells programs where everything is. */
final class DemoFile {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
  private static final Duration END_OF_AN_EARLIER_DEMO = Duration.ofSeconds(20);

  private final Path file;

  DemoFile(Path dataDirectory) {
    this.file = dataDirectory.resolve("demo.json");
  }

  /**
   * What stands in it.
   *
   * @param adminToken an operator's token for the control plane
   * @param jwksUrl the keys that verify signed contexts
   * @param processes process numbers by part
   */
  record Content(
      String gatewayUrl,
      String gatewayAdminUrl,
      String controlPlaneUrl,
      String adminToken,
      List<DemoTenant> tenants,
      String jwksUrl,
      Map<String, Long> processes) {}

  void write(Content content) throws IOException {
    PrivateFile.write(file, JSON.writeValueAsString(content) + "\n");
  }

  void delete() throws IOException {
    Files.deleteIfExists(file);
  }

  /**
   * A file that is still there is of a demo that was killed. Its processes end by themselves; this
   * waits until they have, as they may hold ports.
   */
  void awaitEndOfEarlierDemo() throws IOException {
    if (!Files.exists(file)) {
      return;
    }
    List<CompletableFuture<ProcessHandle>> ends =
        JSON.readTree(file.toFile())
            .path("processes")
            .valueStream()
            .flatMap(pid -> ProcessHandle.of(pid.asLong()).stream())
            .map(ProcessHandle::onExit)
            .toList();
    CompletableFuture.allOf(ends.toArray(CompletableFuture[]::new))
        .completeOnTimeout(null, END_OF_AN_EARLIER_DEMO.toSeconds(), TimeUnit.SECONDS)
        .join();
    delete();
  }
}

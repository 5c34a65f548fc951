package dev.gatehouse.gateway.outside;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Objects;

/** Node's own HTTP servers, see {@code outside/upstream.mjs}. */
final class NodeUpstream implements AutoCloseable {
  private final Process process;
  private final int http1Port;
  private final int http2Port;

  NodeUpstream() throws IOException {
    process =
        new ProcessBuilder(Program.NODE.path(), script().toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    BufferedReader output =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII));
    String[] ports =
        Objects.requireNonNull(output.readLine(), "node did not say its ports").split(" ", -1);
    http1Port = Integer.parseInt(ports[0]);
    http2Port = Integer.parseInt(ports[1]);
  }

  int http1Port() {
    return http1Port;
  }

  int http2Port() {
    return http2Port;
  }

  private static Path script() {
    try {
      return Path.of(
          Objects.requireNonNull(NodeUpstream.class.getResource("/outside/upstream.mjs")).toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    try {
      process.getOutputStream().close();
      process.waitFor();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}

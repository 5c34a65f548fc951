package dev.gatehouse.loadtests.transfer;

import dev.gatehouse.loadtests.process.Programs;
import dev.gatehouse.loadtests.tenants.SyntheticTenants;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * One large body on its way through a gateway, sent or fetched by curl.
 *
 * @param http2 whether the client speaks HTTP/2, by prior knowledge; HTTP/1.1 otherwise
 * @param upload whether the body is the request's; the response's otherwise
 * @param slowReceiver whether who receives it takes {@link #SLOW_BYTES_PER_SECOND} only, and who
 *     sends it would be faster
 */
record Scenario(boolean http2, boolean upload, boolean slowReceiver) {
  static final long SLOW_BYTES_PER_SECOND = 48 << 20;

  /** All of them. */
  static List<Scenario> all() {
    List<Scenario> all = new ArrayList<>();
    for (boolean slow : new boolean[] {false, true}) {
      for (boolean http2 : new boolean[] {false, true}) {
        all.add(new Scenario(http2, false, slow));
        all.add(new Scenario(http2, true, slow));
      }
    }
    return all;
  }

  String name() {
    return (http2 ? "HTTP/2 " : "HTTP/1.1 ")
        + (upload ? "upload" : "download")
        + (slowReceiver ? ", slow receiver" : "");
  }

  /**
   * Takes the body through.
   *
   * @param file a file of that length, for uploads
   * @throws IOException if it did not arrive whole
   */
  void run(int gatewayPort, Path file, long bytes) throws IOException, InterruptedException {
    Process curl = new ProcessBuilder(command(gatewayPort, file, bytes)).start();
    String printed = new String(curl.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    String errors = new String(curl.getErrorStream().readAllBytes(), StandardCharsets.US_ASCII);
    if (curl.waitFor() != 0 || !printed.equals(Long.toString(bytes))) {
      throw new IOException(
          "%s: expected %d bytes, curl ended with %d: %s%s"
              .formatted(name(), bytes, curl.exitValue(), printed, errors));
    }
  }

  private List<String> command(int gatewayPort, Path file, long bytes) throws IOException {
    String curl =
        Programs.find("curl")
            .orElseThrow(() -> new IOException("curl is not installed, and makes the transfers"))
            .toString();
    List<String> command =
        new ArrayList<>(
            List.of(
                curl,
                "--silent",
                "--show-error",
                "--fail",
                http2 ? "--http2-prior-knowledge" : "--http1.1",
                "--header",
                "Host: " + SyntheticTenants.host(0),
                "--header",
                "X-API-Key: " + SyntheticTenants.apiKey(0).reveal()));
    String url = "http://127.0.0.1:" + gatewayPort + "/";
    if (upload) {
      long rate = slowReceiver ? SLOW_BYTES_PER_SECOND : 0;
      command.addAll(List.of("--upload-file", file.toString(), url + rate));
    } else {
      if (slowReceiver) {
        command.addAll(List.of("--limit-rate", Long.toString(SLOW_BYTES_PER_SECOND)));
      }
      command.addAll(
          List.of("--output", "/dev/null", "--write-out", "%{size_download}", url + bytes));
    }
    return command;
  }
}

package dev.gatehouse.gateway.outside;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** Another proxy before an upstream, as its distribution has it but for what a proxy needs. */
final class ReferenceProxy implements AutoCloseable {
  private static final int ATTEMPTS = 5;

  private static final String NGINX =
      """
      daemon off;
      worker_processes 1;
      pid FOLDER/nginx.pid;
      error_log /dev/null;
      events {}
      http {
        access_log off;
        client_body_temp_path FOLDER/body;
        proxy_temp_path FOLDER/proxy;
        fastcgi_temp_path FOLDER/fastcgi;
        uwsgi_temp_path FOLDER/uwsgi;
        scgi_temp_path FOLDER/scgi;
        server {
          listen 127.0.0.1:PORT;
          location / {
            proxy_pass http://127.0.0.1:UPSTREAM;
            proxy_http_version 1.1;
            proxy_request_buffering off;
            proxy_set_header Host $http_host;
          }
        }
      }
      """;

  private static final String HAPROXY =
      """
      global
        maxconn 200
        nbthread 1
      defaults
        mode http
        timeout connect 5s
        timeout client 30s
        timeout server 30s
      frontend entrance
        bind 127.0.0.1:PORT
        default_backend upstream
      backend upstream
        server wiretap 127.0.0.1:UPSTREAM
      """;

  private final String version;
  private final Process process;
  private final int port;

  private ReferenceProxy(String version, Process process, int port) {
    this.version = version;
    this.process = process;
    this.port = port;
  }

  static ReferenceProxy nginx(int upstream, Path folder) throws Exception {
    String program = Program.NGINX.path();
    Path file = folder.resolve("nginx.conf");
    return start(
        NGINX,
        upstream,
        folder,
        file,
        versionOf(program),
        program,
        "-p",
        folder + "/",
        "-c",
        file.toString());
  }

  static ReferenceProxy haproxy(int upstream, Path folder) throws Exception {
    String program = Program.HAPROXY.path();
    Path file = folder.resolve("haproxy.conf");
    return start(
        HAPROXY,
        upstream,
        folder,
        file,
        versionOf(program),
        program,
        "-q",
        "-db",
        "-f",
        file.toString());
  }

  /** It cannot find a free port itself: another one is tried if it was taken. */
  private static ReferenceProxy start(
      String configuration, int upstream, Path folder, Path file, String version, String... command)
      throws IOException {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      int port = freePort();
      Files.writeString(
          file,
          configuration
              .replace("FOLDER", folder.toString())
              .replace("UPSTREAM", Integer.toString(upstream))
              .replace("PORT", Integer.toString(port)));
      Process process =
          new ProcessBuilder(command)
              .redirectOutput(ProcessBuilder.Redirect.INHERIT)
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      if (awaitListening(process, port)) {
        return new ReferenceProxy(version, process, port);
      }
    }
    throw new IOException(command[0] + " did not start at any of " + ATTEMPTS + " ports");
  }

  private static String versionOf(String program) throws Exception {
    Process process = new ProcessBuilder(program, "-v").redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
    return output.lines().findFirst().orElse("").replaceFirst(" - http.*", "");
  }

  private static boolean awaitListening(Process process, int port) {
    while (process.isAlive()) {
      try (Socket _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
        return true;
      } catch (IOException e) {
        Thread.onSpinWait();
      }
    }
    return false;
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  int port() {
    return port;
  }

  /** What the program says of itself. */
  String version() {
    return version;
  }

  /** Returns when it has ended. */
  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(5, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}

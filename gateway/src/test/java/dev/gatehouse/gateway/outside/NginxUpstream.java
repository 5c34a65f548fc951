package dev.gatehouse.gateway.outside;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** nginx, answering by itself; it reads a request's body to its end before it says its length. */
final class NginxUpstream implements AutoCloseable {
  private static final int ATTEMPTS = 5;

  private static final String CONFIGURATION =
      """
      daemon off;
      worker_processes 1;
      pid FOLDER/nginx.pid;
      error_log stderr error;
      events {}
      http {
        access_log off;
        client_body_temp_path FOLDER/body;
        proxy_temp_path FOLDER/proxy;
        fastcgi_temp_path FOLDER/fastcgi;
        uwsgi_temp_path FOLDER/uwsgi;
        scgi_temp_path FOLDER/scgi;
        client_max_body_size 0;
        client_body_buffer_size 2m;
        absolute_redirect off;
        default_type application/json;
        server {
          listen 127.0.0.1:PORT;
          location / {
            if ($arg_mode = "204") { return 204; }
            if ($arg_mode = "304") { return 304; }
            if ($arg_mode = "redirect") { return 302 /elsewhere; }
            if ($request_method = POST) { rewrite ^ /store last; }
            return 200 '{"method":"$request_method","bytes":0,"tenant":"$http_x_tenant_id"}';
          }
          location = /store {
            internal;
            proxy_pass http://127.0.0.1:PORT/stored;
          }
          location = /stored {
            return 200 '{"method":"$request_method","bytes":$http_content_length,"tenant":"$http_x_tenant_id"}';
          }
        }
      }
      """;

  private final Path folder;
  private final Process process;
  private final int port;

  private NginxUpstream(Path folder, Process process, int port) {
    this.folder = folder;
    this.process = process;
    this.port = port;
  }

  /** Starts it at a free port. It cannot find one itself: another one is tried if it was taken. */
  static NginxUpstream start() throws IOException {
    String program = Program.NGINX.path();
    Path folder = Files.createTempDirectory("gatehouse-nginx");
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      int port = freePort();
      Path file = folder.resolve("nginx.conf");
      Files.writeString(
          file,
          CONFIGURATION
              .replace("FOLDER", folder.toString())
              .replace("PORT", Integer.toString(port)));
      Process process =
          new ProcessBuilder(List.of(program, "-p", folder.toString(), "-c", file.toString()))
              .redirectOutput(ProcessBuilder.Redirect.INHERIT)
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      if (awaitListening(process, port)) {
        return new NginxUpstream(folder, process, port);
      }
    }
    throw new IOException("nginx did not start at any of " + ATTEMPTS + " ports");
  }

  int port() {
    return port;
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

  @Override
  public void close() {
    process.destroy();
    try (Stream<Path> files = Files.walk(folder)) {
      process.waitFor();
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}

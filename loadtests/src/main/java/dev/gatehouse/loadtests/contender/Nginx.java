package dev.gatehouse.loadtests.contender;

import dev.gatehouse.loadtests.process.Child;
import dev.gatehouse.loadtests.process.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** nginx with a plain {@code proxy_pass}: no tenancy at all. */
public final class Nginx implements Contender {
  private static final String PROGRAM = "nginx";

  @Override
  public String name() {
    return PROGRAM;
  }

  @Override
  public boolean isInstalled() {
    return Programs.find(PROGRAM).isPresent();
  }

  @Override
  public RunningContender start(Stage stage) throws IOException, InterruptedException {
    int port = Child.freePort();
    Path folder = Files.createDirectories(stage.folder().resolve(PROGRAM));
    Path configuration =
        stage.write(
            "nginx.conf",
            """
            daemon off;
            worker_processes 1;
            pid nginx.pid;
            error_log stderr;
            events {
              worker_connections 4096;
            }
            http {
              access_log off;
              keepalive_requests 1000000000;
              client_body_temp_path body;
              proxy_temp_path proxy;
              fastcgi_temp_path fastcgi;
              uwsgi_temp_path uwsgi;
              scgi_temp_path scgi;
              upstream backend {
                server 127.0.0.1:%d;
                keepalive 256;
                keepalive_requests 1000000000;
              }
              server {
                listen 127.0.0.1:%d;
                location / {
                  proxy_pass http://backend;
                  proxy_http_version 1.1;
                  proxy_set_header Connection "";
                  proxy_set_header Host $host;
                }
              }
            }
            """
                .formatted(stage.upstreamPort(), port));
    List<String> command =
        List.of(
            Programs.find(PROGRAM).orElseThrow().toString(),
            "-e",
            "stderr",
            "-p",
            folder.toString(),
            "-c",
            configuration.toString());
    return stage.run(PROGRAM, command, port);
  }
}

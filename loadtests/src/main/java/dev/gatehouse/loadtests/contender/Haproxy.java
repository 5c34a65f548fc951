package dev.gatehouse.loadtests.contender;

import dev.gatehouse.loadtests.process.Child;
import dev.gatehouse.loadtests.process.Programs;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** HAProxy with one backend: no tenancy at all. */
public final class Haproxy implements Contender {
  private static final String PROGRAM = "haproxy";

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
    Path configuration =
        stage.write(
            "haproxy.cfg",
            """
            global
              nbthread 1
              maxconn 4096
            defaults
              mode http
              timeout connect 5s
              timeout client 60s
              timeout server 60s
              http-reuse always
            frontend tenants
              bind 127.0.0.1:%d
              default_backend upstream
            backend upstream
              server one 127.0.0.1:%d
            """
                .formatted(port, stage.upstreamPort()));
    List<String> command =
        List.of(
            Programs.find(PROGRAM).orElseThrow().toString(), "-db", "-f", configuration.toString());
    return stage.run(PROGRAM, command, port);
  }
}

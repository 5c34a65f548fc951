package dev.gatehouse.loadtests.websockets;

import dev.gatehouse.backends.EmbeddedRedis;
import dev.gatehouse.loadtests.Program;
import dev.gatehouse.loadtests.contender.GatewayProcess;
import dev.gatehouse.loadtests.contender.Stage;
import dev.gatehouse.loadtests.process.Child;
import dev.gatehouse.loadtests.process.Cores;
import dev.gatehouse.loadtests.process.HeapProbe;
import dev.gatehouse.loadtests.process.Programs;
import dev.gatehouse.loadtests.tenants.SyntheticFeed;
import dev.gatehouse.loadtests.tenants.SyntheticTenants;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code loadtests/websockets}. */
@Command(
    name = "websockets",
    mixinStandardHelpOptions = true,
    description = "Measures the heap that an idle WebSocket takes of a gateway.")
public final class WebSocketsCommand implements Callable<Integer> {
  /** So that classes and pools of both are there before anything is counted. */
  private static final int WARM_UP = 500;

  /** Files that a process has open besides the two sockets of each WebSocket. */
  private static final int OTHER_FILES = 300;

  @Option(
      names = "--count",
      paramLabel = "N",
      description = "How many, or as many as the limit of open files allows.")
  private int count = 10_000;

  /** Runs the program; it exits with 0, or with 1 where a WebSocket was not opened. */
  public static void main(String[] args) {
    Program.runAndExit(new WebSocketsCommand(), args);
  }

  @Override
  public Integer call() throws Exception {
    int possible = Math.min(count, (openFiles() - OTHER_FILES) / 2);
    Path folder = Files.createTempDirectory("gatehouse-websockets");
    int upstreamPort = Child.freePort();
    SyntheticTenants tenants = new SyntheticTenants(1);
    try (Child upstream = start(folder, SwitchingUpstream.class, upstreamPort);
        EmbeddedRedis redis = EmbeddedRedis.start(folder.resolve("redis"), 0);
        SyntheticFeed feed = SyntheticFeed.start(tenants, upstreamPort)) {
      upstream.awaitPort(upstreamPort);
      long netty = bare(folder, BareChannels.class, upstreamPort, possible);
      long vertx = bare(folder, BareSockets.class, upstreamPort, possible);
      Stage stage = new Stage(folder, Cores.ofThisMachine(), upstreamPort, feed.url(), redis.url());
      long gatehouse = gateway(stage, possible);
      System.out.printf(
          "%,d idle WebSockets, bytes of live heap each: gatehouse %d, two bare channels of Netty %d,"
              + " two bare sockets of Vert.x %d; gatehouse beyond Netty %d%n",
          possible, gatehouse, netty, vertx, gatehouse - netty);
    }
    return 0;
  }

  private static long bare(Path folder, Class<?> program, int upstreamPort, int count)
      throws IOException, InterruptedException {
    int port = Child.freePort();
    try (Child tunnel = start(folder, program, port, upstreamPort)) {
      tunnel.awaitPort(port);
      return heapOfEach(tunnel, port, count);
    }
  }

  private static long gateway(Stage stage, int count) throws IOException, InterruptedException {
    try (GatewayProcess gateway = GatewayProcess.start(stage, Stage.JVM_OPTIONS)) {
      gateway.awaitReady();
      return heapOfEach(gateway.process(), gateway.port(), count);
    }
  }

  private static long heapOfEach(Child server, int port, int count) throws IOException {
    try (IdleWebSockets sockets = new IdleWebSockets()) {
      sockets.open(port, WARM_UP);
      sockets.closeAll();
      long before = HeapProbe.liveBytes(server.handle());
      sockets.open(port, count);
      return (HeapProbe.liveBytes(server.handle()) - before) / count;
    }
  }

  private static Child start(Path folder, Class<?> program, int... ports) throws IOException {
    String[] arguments = new String[ports.length];
    for (int i = 0; i < ports.length; i++) {
      arguments[i] = Integer.toString(ports[i]);
    }
    return Child.start(
        Programs.java(Stage.JVM_OPTIONS, program.getName(), arguments),
        folder.resolve(program.getSimpleName() + ".log"));
  }

  /** The hard limit of a process: a JVM raises its own soft limit to it. */
  private static int openFiles() throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/self/limits"))) {
      if (line.startsWith("Max open files")) {
        String hard =
            List.of(line.substring("Max open files".length()).strip().split(" +", -1)).get(1);
        return hard.equals("unlimited") ? Integer.MAX_VALUE : Integer.parseInt(hard);
      }
    }
    return Integer.MAX_VALUE;
  }
}

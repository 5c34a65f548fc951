package dev.gatehouse.backends;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Redis server of one's own: a child process that listens on 127.0.0.1 alone, asks for a
 * password, keeps at most 128 MB in memory and an append-only file on disk (synchronised once a
 * second). It ends with this process.
 */
public final class EmbeddedRedis implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(EmbeddedRedis.class);
  private static final String NAME = "Redis";
  private static final Duration START_TIMEOUT = Duration.ofSeconds(30);
  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(10);
  private static final int ATTEMPTS_AT_A_FREE_PORT = 5;

  private final DirectoryLock lock;
  private final ChildProcess server;
  private final int port;
  private final String password;

  private EmbeddedRedis(DirectoryLock lock, ChildProcess server, int port, String password) {
    this.lock = lock;
    this.server = server;
    this.port = port;
    this.password = password;
  }

  /**
   * Starts the server and returns when it answers, after about 0.2 seconds. A server that an
   * earlier process left behind on the same directory is stopped first. Blocks.
   *
   * @param directory where the data, the password and nothing else live; made if absent
   * @param port where to listen, or 0 for any free port
   * @throws BackendException if it cannot start; the message is for the user
   */
  public static EmbeddedRedis start(Path directory, int port) {
    Path home = directory.toAbsolutePath().normalize();
    ServerUser user = ServerUser.owning(home);
    DirectoryLock lock = DirectoryLock.take(home);
    try {
      Path program = BundledPrograms.of(home).redis();
      Installation installation = new Installation(home, program, user);
      installation.stopStale();
      return listen(installation, port, lock);
    } catch (IOException e) {
      lock.close();
      throw BackendException.fromIo(NAME, home, e);
    } catch (RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  private static EmbeddedRedis listen(Installation installation, int port, DirectoryLock lock)
      throws IOException {
    for (int attempt = 1; ; attempt++) {
      int candidate = port == 0 ? Ports.free() : port;
      try {
        return new EmbeddedRedis(
            lock, installation.launch(candidate), candidate, installation.password());
      } catch (BackendException.PortInUse e) {
        if (port != 0 || attempt == ATTEMPTS_AT_A_FREE_PORT) {
          throw e;
        }
      }
    }
  }

  /** Where the server is: {@code redis://:password@127.0.0.1:port}. A secret. */
  public String url() {
    return "redis://:%s@127.0.0.1:%d".formatted(password, port);
  }

  /** Where it listens on 127.0.0.1. */
  public int port() {
    return port;
  }

  /** The number of the server's process. */
  public long pid() {
    return server.pid();
  }

  /** Completes with the exit code when the server has ended, whoever ended it. */
  public CompletableFuture<Integer> onExit() {
    return server.onExit();
  }

  /** Stops the server; takes 10 seconds at the most. */
  @Override
  public void close() {
    server.close();
    lock.close();
  }

  /** The files of one server. */
  private record Installation(Path home, Path program, ServerUser user) {
    Path configuration() {
      return home.resolve("redis.conf");
    }

    Path pidFile() {
      return home.resolve("redis.pid");
    }

    String password() throws IOException {
      return ServerPassword.readOrCreate(home.resolve("password"), user);
    }

    void stopStale() throws IOException {
      StaleServer.stop(
          pidFile(), "redis-server", configuration().toString(), List.of("TERM", "KILL"));
    }

    private String settings(int port) throws IOException {
      return """
      bind 127.0.0.1
      protected-mode yes
      port %d
      requirepass %s
      dir "%s"
      pidfile "%s"
      set-proc-title no
      appendonly yes
      appendfsync everysec
      save ""
      maxmemory 128mb
      maxmemory-policy volatile-ttl
      """
          .formatted(port, password(), home, pidFile());
    }

    ChildProcess launch(int port) throws IOException {
      Ports.requireFree(NAME, port);
      PrivateFile.write(configuration(), settings(port));
      user.own(configuration());
      ChildProcess server =
          ChildProcess.start(
              new ChildProcess.Program(
                  user.prefix(),
                  List.of(program.toString(), configuration().toString()),
                  Map.of("PATH", "/usr/bin:/bin", "LC_ALL", "C"),
                  home,
                  "TERM",
                  STOP_TIMEOUT,
                  line -> LOG.debug("{}", line)));
      try {
        awaitAnswer(server, port);
        return server;
      } catch (IOException | RuntimeException e) {
        server.close();
        throw e;
      }
    }

    private void awaitAnswer(ChildProcess server, int port) throws IOException {
      Instant deadline = Instant.now().plus(START_TIMEOUT);
      while (!answers(port)) {
        if (!server.isAlive()) {
          throw BackendException.fromOutput(NAME, home, port, server.lastLines());
        }
        if (Instant.now().isAfter(deadline)) {
          throw new BackendException.StartFailed(
              NAME, "it did not answer within %d s.".formatted(START_TIMEOUT.toSeconds()));
        }
        Pause.briefly();
      }
    }

    /** A server that is still loading its data refuses the PING. */
    private boolean answers(int port) throws IOException {
      String password = password();
      try (Socket socket = new Socket()) {
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 2_000);
        socket.setSoTimeout(10_000);
        socket
            .getOutputStream()
            .write(("AUTH " + password + "\r\nPING\r\n").getBytes(StandardCharsets.US_ASCII));
        BufferedReader replies =
            new BufferedReader(
                new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
        return "+OK".equals(replies.readLine()) && "+PONG".equals(replies.readLine());
      } catch (IOException e) {
        LOG.debug("not yet: {}", e.getMessage());
        return false;
      }
    }
  }
}

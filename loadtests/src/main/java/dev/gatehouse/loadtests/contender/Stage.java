package dev.gatehouse.loadtests.contender;

import dev.gatehouse.loadtests.process.Child;
import dev.gatehouse.loadtests.process.Cores;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What a contender finds when it starts.
 *
 * @param folder for configuration files and logs
 * @param upstreamPort where every request is to go, on loopback
 * @param feedUrl a control plane's feed of the tenants
 * @param redisUrl a Redis for shared limits
 */
public record Stage(Path folder, Cores cores, int upstreamPort, String feedUrl, String redisUrl) {

  /** JVM options that are the same for every contender on the JVM. */
  public static final List<String> JVM_OPTIONS =
      List.of(
          "-Xms512m",
          "-Xmx512m",
          "-XX:+UseCompactObjectHeaders",
          "-XX:+UseTransparentHugePages",
          "--enable-native-access=ALL-UNNAMED",
          "--sun-misc-unsafe-memory-access=allow");

  /** The same with another feed. */
  public Stage withFeed(String otherUrl) {
    return new Stage(folder, cores, upstreamPort, otherUrl, redisUrl);
  }

  /** The same for a second one of its kind, whose files are not to meet those of the first. */
  Stage inFolder(String name) throws IOException {
    Path own = Files.createDirectory(folder.resolve(name));
    return new Stage(own, cores, upstreamPort, feedUrl, redisUrl);
  }

  /** Writes a file into the folder. */
  Path write(String name, String content) throws IOException {
    return Files.writeString(folder.resolve(name), content);
  }

  /** Runs a command on the core of the proxies until it listens. */
  RunningContender run(String name, List<String> command, int port)
      throws IOException, InterruptedException {
    Child child = Child.start(cores.forProxy(command), folder.resolve(name + ".log"));
    try {
      child.awaitPort(port);
    } catch (IOException e) {
      child.close();
      throw new IOException(name + " did not start: " + e.getMessage(), e);
    }
    return new RunningContender(name, child, port);
  }
}

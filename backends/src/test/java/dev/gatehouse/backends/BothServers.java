package dev.gatehouse.backends;

import java.nio.file.Path;

/** A program that starts both servers below the directory named, and prints their numbers. */
final class BothServers {
  private BothServers() {}

  static void main(String[] arguments) throws Exception {
    Path directory = Path.of(arguments[0]);
    try (EmbeddedPostgres postgres = EmbeddedPostgres.start(directory.resolve("postgres"), 0);
        EmbeddedRedis redis = EmbeddedRedis.start(directory.resolve("redis"), 0)) {
      System.out.println(postgres.pid() + " " + redis.pid());
      int end = System.in.read();
      System.out.println("stopped after " + end);
    }
  }
}

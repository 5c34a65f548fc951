package dev.gatehouse.loadtests.placements;

import dev.gatehouse.backends.EmbeddedPostgres;
import dev.gatehouse.contract.database.IsolationStrategy;
import dev.gatehouse.controlplane.ControlPlane;
import dev.gatehouse.loadtests.Program;
import dev.gatehouse.loadtests.process.ProcessUsage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code loadtests/placements}. */
@Command(
    name = "placements",
    mixinStandardHelpOptions = true,
    description = {
      "Measures how long it takes to give tenants a place for their data, in each of the three ways,",
      "and what the servers have of connections, memory and disk then."
    })
public final class PlacementsCommand implements Callable<Integer> {
  @Option(names = "--tenants", description = "Of each strategy (${DEFAULT-VALUE}).")
  private int tenants = 1000;

  /** Runs the program; it exits with 0. */
  public static void main(String[] args) {
    Program.runAndExit(new PlacementsCommand(), args);
  }

  @Override
  public Integer call() throws Exception {
    Path folder = Files.createTempDirectory("gatehouse-placements");
    try (EmbeddedPostgres own = EmbeddedPostgres.start(folder.resolve("own"), 0);
        EmbeddedPostgres partition = EmbeddedPostgres.start(folder.resolve("partition"), 0);
        ControlPlane controlPlane = ControlPlane.start(Placements.controlPlane(own.url()))) {
      Placements placements = new Placements(controlPlane, partition.url());
      placements.register();
      System.out.printf(
          Locale.ROOT,
          "%-10s %8s %14s %14s %16s %14s%n",
          "strategy",
          "tenants",
          "ms a tenant",
          "connections",
          "partition MiB",
          "disk MiB");
      ProcessHandle server = ProcessHandle.of(partition.pid()).orElseThrow();
      long diskBefore = placements.diskBytes();
      for (IsolationStrategy strategy : IsolationStrategy.values()) {
        Placements.Outcome outcome = placements.place(strategy, tenants);
        long disk = placements.diskBytes();
        System.out.printf(
            Locale.ROOT,
            "%-10s %8d %14.1f %14d %16.1f %14.1f%n",
            strategy.wireName(),
            tenants,
            outcome.took().toNanos() / 1e6 / tenants,
            outcome.mostConnections(),
            ProcessUsage.of(server).residentBytes() / 1024.0 / 1024,
            (disk - diskBefore) / 1024.0 / 1024);
        diskBefore = disk;
      }
    }
    return 0;
  }
}

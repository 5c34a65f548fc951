package dev.gatehouse.deploy.cli;

import dev.gatehouse.backends.BackendException;
import dev.gatehouse.deploy.config.ConfigException;
import dev.gatehouse.deploy.demo.DemoException;
import dev.gatehouse.gateway.GatewayStartException;
import java.net.BindException;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

/** Tells the user in one sentence why a command ended; a stack trace is for the unexpected only. */
final class FaultReport implements IExecutionExceptionHandler {
  @Override
  public int handleExecutionException(Exception fault, CommandLine command, ParseResult result) {
    switch (fault) {
      case ConfigException wrong -> {
        say(command, wrong);
        return ExitCode.USAGE;
      }
      case BackendException _, DemoException _, GatewayStartException _ -> say(command, fault);
      default -> unforeseen(command, fault);
    }
    return ExitCode.SOFTWARE;
  }

  private static void unforeseen(CommandLine command, Exception fault) {
    Optional<Throwable> portInUse =
        Stream.iterate((Throwable) fault, cause -> cause != null, Throwable::getCause)
            .filter(BindException.class::isInstance)
            .findFirst();
    if (portInUse.isPresent()) {
      command
          .getErr()
          .println(
              "A port of the configuration cannot be listened on, another program may use it: "
                  + portInUse.get().getMessage());
    } else {
      Logger log = LoggerFactory.getLogger(FaultReport.class);
      log.error("{} ended by an unexpected fault", command.getCommandName(), fault);
    }
  }

  private static void say(CommandLine command, Exception fault) {
    command.getErr().println(fault.getMessage());
  }
}

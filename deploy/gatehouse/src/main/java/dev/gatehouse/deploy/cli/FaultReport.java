package dev.gatehouse.deploy.cli;

import dev.gatehouse.backends.BackendException;
import dev.gatehouse.deploy.config.ConfigException;
import dev.gatehouse.deploy.demo.DemoException;
import dev.gatehouse.gateway.GatewayStartException;
import java.io.IOException;
import java.sql.SQLException;
import java.util.Objects;
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

  /** A server or file that cannot be reached is an everyday fault; anything else is ours. */
  private static void unforeseen(CommandLine command, Exception fault) {
    Optional<Throwable> everyday =
        Stream.iterate((Throwable) fault, Objects::nonNull, Throwable::getCause)
            .filter(cause -> cause instanceof IOException || cause instanceof SQLException)
            .findFirst();
    if (everyday.isPresent()) {
      String reason = String.valueOf(everyday.get().getMessage()).lines().findFirst().orElse("");
      command.getErr().println(command.getCommandName() + " cannot run: " + reason);
    } else {
      Logger log = LoggerFactory.getLogger(FaultReport.class);
      log.error("{} ended by an unexpected fault", command.getCommandName(), fault);
      command
          .getErr()
          .println(command.getCommandName() + " ended by an unexpected fault: " + fault);
    }
  }

  private static void say(CommandLine command, Exception fault) {
    command.getErr().println(fault.getMessage());
  }
}

package dev.gatehouse.loadtests;

import picocli.CommandLine;

/** Runs one of the programs: what goes wrong is one sentence, not a stack trace. */
public final class Program {
  private Program() {}

  /**
   * Runs a picocli command and ends the process with 0, with 1 where it failed, or with 2 where the
   * arguments are wrong.
   */
  public static void runAndExit(Object command, String[] args) {
    System.exit(
        new CommandLine(command).setExecutionExceptionHandler(Program::failed).execute(args));
  }

  private static int failed(
      Exception fault, CommandLine command, CommandLine.ParseResult arguments) {
    System.err.println(command.getCommandName() + ": " + fault.getMessage());
    return 1;
  }
}

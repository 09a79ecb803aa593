package dev.merlon.actors.cli;

import dev.merlon.actors.cli.terminal.Console;
import dev.merlon.actors.cli.terminal.Sentence;
import dev.merlon.actors.cli.work.CommandContext;
import dev.merlon.actors.cli.work.ExitCode;
import dev.merlon.config.failure.Failure;
import dev.merlon.config.failure.MerlonException;
import dev.merlon.model.tensor.MemoryShortage;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

/** Answers a command that threw: one line on the terminal, the stack trace in the log. */
final class FailureMessages implements IExecutionExceptionHandler {
  private final CommandContext context;

  FailureMessages(CommandContext context) {
    this.context = context;
  }

  @Override
  public int handleExecutionException(Exception thrown, CommandLine command, ParseResult parsed) {
    return report(command.getCommandSpec().qualifiedName(), thrown).value();
  }

  /** Says what went wrong and gives the exit code. */
  ExitCode report(String command, Throwable thrown) {
    Throwable cause = unwrapped(thrown);
    Failure failure =
        cause instanceof MerlonException known
            ? known.failure()
            : MemoryShortage.in(cause)
                .map(shortage -> shortage.failure("Merlon"))
                .orElseGet(() -> new Failure.Internal("An unexpected " + described(cause), ""));
    ExitCode code = ExitCode.of(failure);
    String where = "";
    if (code == ExitCode.FAILED) {
      where =
          context
              .log()
              .record(command, thrown)
              .map(file -> " Log: " + file)
              .orElse(" No log could be written.");
    }
    context.console().say(line(context.console(), command, failure) + where);
    return context.interrupts().raised().orElse(code);
  }

  private static String line(Console console, String command, Failure failure) {
    String prefix = console.errAnsi().string("@|bold,red " + command + ":|@ ");
    return prefix
        + (Sentence.of(failure.message()) + " " + Sentence.after(failure.remedy())).strip();
  }

  private static String described(Throwable cause) {
    return cause.getClass().getSimpleName()
        + Optional.ofNullable(cause.getMessage()).map(message -> ": " + message).orElse("");
  }

  private static Throwable unwrapped(Throwable thrown) {
    Throwable cause = thrown;
    while ((cause instanceof CompletionException || cause instanceof ExecutionException)
        && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause;
  }
}

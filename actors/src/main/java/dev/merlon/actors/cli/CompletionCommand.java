package dev.merlon.actors.cli;

import dev.merlon.actors.cli.terminal.Console;
import dev.merlon.actors.cli.work.ExitCode;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;

/** Writes what a shell needs to complete commands and options. */
@Command(
    name = "completion",
    description = "Print a script that lets bash or zsh complete commands and options.",
    optionListHeading = "%nOptions:%n",
    footer = {"", "For this shell session:", "  source <(merlon completion)"})
final class CompletionCommand implements Callable<Integer> {
  private final Application application;
  private final Console console;

  CompletionCommand(Application application, Console console) {
    this.application = application;
    this.console = console;
  }

  @Override
  public Integer call() {
    console.print(AutoComplete.bash("merlon", application.commandLine()));
    return ExitCode.DONE.value();
  }
}

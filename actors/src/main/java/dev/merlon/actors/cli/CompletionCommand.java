package dev.merlon.actors.cli;

import dev.merlon.actors.cli.terminal.Console;
import dev.merlon.actors.cli.work.ExitCode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Writes what a shell needs to complete commands, options and their values. */
@Command(
    name = "completion",
    customSynopsis = "merlon completion [SHELL]",
    description = "Print a script that lets a shell complete commands, options and their values.",
    parameterListHeading = "%nArguments:%n",
    optionListHeading = "%nOptions:%n",
    footer = {
      "",
      "For this session of the shell:",
      "  source <(merlon completion bash)",
      "  source <(merlon completion zsh)",
      "  merlon completion fish | source",
      "For every session of fish:",
      "  merlon completion fish > ~/.config/fish/completions/merlon.fish"
    })
final class CompletionCommand implements Callable<Integer> {
  private final Application application;
  private final Console console;

  @Parameters(
      paramLabel = "SHELL",
      arity = "0..1",
      converter = Shell.Converter.class,
      completionCandidates = Shell.Words.class,
      defaultValue = "bash",
      description = "bash (default), zsh or fish.")
  private Shell shell = Shell.BASH;

  CompletionCommand(Application application, Console console) {
    this.application = application;
    this.console = console;
  }

  @Override
  public Integer call() {
    console.print(shell.script(application.commandLine()));
    return ExitCode.DONE.value();
  }
}

package dev.merlon.actors.cli.completion;

import dev.merlon.actors.cli.terminal.Console;
import dev.merlon.actors.cli.work.ExitCode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

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
public final class CompletionCommand implements Callable<Integer> {
  private final Console console;

  @Spec private CommandSpec command = CommandSpec.create();

  @Parameters(
      paramLabel = "SHELL",
      arity = "0..1",
      converter = Shell.Converter.class,
      completionCandidates = Shell.Words.class,
      defaultValue = "bash",
      description = "bash (default), zsh or fish.")
  private Shell shell = Shell.BASH;

  /** The command that prints to this console. */
  public CompletionCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    console.print(shell.script(command.root()));
    return ExitCode.DONE.value();
  }
}

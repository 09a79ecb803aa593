package dev.merlon.actors.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The root command: help, version and the commands below it. */
@Command(
    name = "merlon",
    description = "Trains and certifies provably robust image classifiers.",
    synopsisHeading = "Usage: ",
    customSynopsis = "merlon COMMAND [ARGUMENTS]",
    commandListHeading = "%nCommands:%n",
    optionListHeading = "%nOptions:%n",
    versionProvider = Version.class,
    footer = {
      "",
      "merlon COMMAND --help describes a command.",
      "Exit codes: 0 done or accepted, 1 rejected, 2 bad usage or input, 3 failure of Merlon,",
      "4 undecided, 130/143 interrupted."
    })
final class MerlonCommand implements Callable<Integer> {
  private final Console console;

  @Spec private CommandSpec spec;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      scope = ScopeType.INHERIT,
      description = "Show this help and exit.")
  private boolean help;

  @Option(
      names = {"-V", "--version"},
      versionHelp = true,
      description = "Show the version and exit.")
  private boolean version;

  MerlonCommand(Console console) {
    this.console = console;
  }

  /** Nothing was asked for: shows what there is. */
  @Override
  public Integer call() {
    spec.commandLine().usage(console.err(), console.errAnsi());
    return ExitCode.USAGE.value();
  }
}

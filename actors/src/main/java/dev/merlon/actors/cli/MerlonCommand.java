package dev.merlon.actors.cli;

import dev.merlon.actors.cli.option.Version;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

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
      "Exit codes: 0 done or accepted, 1 rejected, 2 bad usage or input, 3 failure of Merlon, 4"
          + " undecided, 130/143 interrupted."
    })
final class MerlonCommand {
  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      scope = ScopeType.INHERIT,
      description = "Show this help and exit.")
  @SuppressWarnings("UnusedVariable") // The parser acts on it.
  private boolean help;

  @Option(
      names = {"-V", "--version"},
      versionHelp = true,
      description = "Show the version and exit.")
  @SuppressWarnings("UnusedVariable") // The parser acts on it.
  private boolean version;
}

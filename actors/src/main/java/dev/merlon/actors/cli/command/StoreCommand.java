package dev.merlon.actors.cli.command;

import picocli.CommandLine.Command;

/** Groups what is done with a store of verdicts. */
@Command(
    name = "store",
    customSynopsis = "merlon store list|show|verify|prune [OPTIONS]",
    description = "Look at the verdicts that are kept, check them, remove old ones.",
    commandListHeading = "%nCommands:%n",
    optionListHeading = "%nOptions:%n",
    footer = {"", "merlon store COMMAND --help describes a command."})
public final class StoreCommand {}

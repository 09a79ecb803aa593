package dev.merlon.actors.cli.command;

import picocli.CommandLine.Command;

/** Groups what is done with data sets. */
@Command(
    name = "data",
    customSynopsis = "merlon data fetch KIND --to DIR [OPTIONS]",
    description = "Get published data sets.",
    commandListHeading = "%nCommands:%n",
    optionListHeading = "%nOptions:%n",
    footer = {"", "merlon data fetch --help describes the command."})
public final class DataCommand {}

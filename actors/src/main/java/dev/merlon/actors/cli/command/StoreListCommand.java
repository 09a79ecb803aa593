package dev.merlon.actors.cli.command;

import dev.merlon.actors.cli.option.StoreFileOptions;
import dev.merlon.actors.cli.work.CommandContext;
import dev.merlon.actors.cli.work.StoreJob;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** List the models that verdicts are kept about, with their counts. */
@Command(
    name = "list",
    sortOptions = false,
    customSynopsis = "merlon store list [OPTIONS]",
    description = "List the models that verdicts are kept about, with their counts.",
    parameterListHeading = "%nArguments:%n",
    optionListHeading = "%nOptions:%n",
    footer = {"", "Example:", "  merlon store list"})
public final class StoreListCommand implements Callable<Integer> {
  private final CommandContext context;

  @Mixin private StoreFileOptions file = new StoreFileOptions();

  /** The command, run in this process. */
  public StoreListCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    return new StoreJob(context).list(file.chosen()).value();
  }
}

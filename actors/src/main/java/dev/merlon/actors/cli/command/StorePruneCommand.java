package dev.merlon.actors.cli.command;

import dev.merlon.actors.cli.option.StoreFileOptions;
import dev.merlon.actors.cli.option.TimeSpan;
import dev.merlon.actors.cli.work.CommandContext;
import dev.merlon.actors.cli.work.StoreJob;
import dev.merlon.config.failure.MerlonException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Remove verdicts about a model, or old ones. */
@Command(
    name = "prune",
    sortOptions = false,
    customSynopsis = "merlon store prune [--model MODEL] [--older-than TIME] [--dry-run] [OPTIONS]",
    description = "Remove verdicts about a model, or old ones.",
    parameterListHeading = "%nArguments:%n",
    optionListHeading = "%nOptions:%n",
    footer = {"", "Example:", "  merlon store prune --older-than 90d --dry-run"})
public final class StorePruneCommand implements Callable<Integer> {
  private final CommandContext context;

  @Option(
      names = "--model",
      paramLabel = "MODEL",
      description = "Those about this model: its file, or how the SHA-256 of it begins.")
  private Optional<String> model = Optional.empty();

  @Option(
      names = "--older-than",
      paramLabel = "TIME",
      converter = TimeSpan.class,
      description = "Those kept longer ago, such as 12h or 30d.")
  private Optional<Duration> age = Optional.empty();

  @Option(names = "--dry-run", description = "Say how many there are, and remove none.")
  private boolean dry;

  @Mixin private StoreFileOptions file = new StoreFileOptions();

  /** The command, run in this process. */
  public StorePruneCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    if (model.isEmpty() && age.isEmpty()) {
      throw MerlonException.configuration(
          "store prune is not told what to remove", "Add --model or --older-than, or both.");
    }
    return new StoreJob(context).prune(file.chosen(), model, age, dry).value();
  }
}

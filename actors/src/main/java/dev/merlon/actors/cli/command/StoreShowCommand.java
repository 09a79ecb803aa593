package dev.merlon.actors.cli.command;

import dev.merlon.actors.cli.option.StoreFileOptions;
import dev.merlon.actors.cli.work.CommandContext;
import dev.merlon.actors.cli.work.StoreJob;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Show the verdicts about a model, or about one question. */
@Command(
    name = "show",
    sortOptions = false,
    customSynopsis = "merlon store show MODEL [OPTIONS]",
    description = "Show the verdicts about a model, or about one question.",
    parameterListHeading = "%nArguments:%n",
    optionListHeading = "%nOptions:%n",
    footer = {"", "Example:", "  merlon store show runs/demo/final.onnx"})
public final class StoreShowCommand implements Callable<Integer> {
  private final CommandContext context;

  @Parameters(
      paramLabel = "MODEL",
      description =
          "A model's file, or how the SHA-256 of one begins, or the name of a question (its query"
              + " digest).")
  private String what = "";

  @Mixin private StoreFileOptions file = new StoreFileOptions();

  /** The command, run in this process. */
  public StoreShowCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    return new StoreJob(context).show(file.chosen(), what).value();
  }
}

package dev.merlon.actors.cli.command;

import dev.merlon.actors.cli.option.StoreFileOptions;
import dev.merlon.actors.cli.work.CommandContext;
import dev.merlon.actors.cli.work.StoreJob;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Check that the file is whole, and counterexamples on their models. */
@Command(
    name = "verify",
    sortOptions = false,
    customSynopsis = "merlon store verify [MODEL.onnx...] [OPTIONS]",
    description = "Check that the file is whole, and counterexamples on their models.",
    parameterListHeading = "%nArguments:%n",
    optionListHeading = "%nOptions:%n",
    footer = {"", "Example:", "  merlon store verify runs/demo/final.onnx"})
public final class StoreVerifyCommand implements Callable<Integer> {
  private final CommandContext context;

  @Parameters(
      paramLabel = "MODEL.onnx",
      arity = "0..*",
      description = "Models whose counterexamples are confirmed again.")
  private List<Path> models = new ArrayList<>();

  @Mixin private StoreFileOptions file = new StoreFileOptions();

  /** The command, run in this process. */
  public StoreVerifyCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    return new StoreJob(context).verify(file.chosen(), models).value();
  }
}

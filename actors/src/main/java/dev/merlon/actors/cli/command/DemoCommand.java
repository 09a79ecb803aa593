package dev.merlon.actors.cli.command;

import dev.merlon.actors.cli.option.StoreOptions;
import dev.merlon.actors.cli.option.Typed;
import dev.merlon.actors.cli.work.CommandContext;
import dev.merlon.actors.cli.work.TrainingConsole;
import dev.merlon.actors.job.JobSpec;
import dev.merlon.actors.run.RunDirectory;
import dev.merlon.config.Presets;
import dev.merlon.config.RunSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The main job from end to end on the embedded data set. */
@Command(
    name = "demo",
    description = {
      "The whole way in minutes: train a robust network on images that Merlon draws itself, certify"
          + " it against several perturbations at once, and write a report."
    },
    optionListHeading = "%nOptions:%n",
    footer = {"", "Every call is a new run, in runs/demo, runs/demo-2 and so on."})
public final class DemoCommand implements Callable<Integer> {
  private static final String PRESET = "demo";

  private final CommandContext context;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private StoreOptions store = new StoreOptions();

  @Option(names = "--json", description = "Print one JSON object with the results at the end.")
  private boolean json;

  /** The command, run in this process. */
  public DemoCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    RunSettings settings = Presets.load(PRESET);
    RunDirectory run = RunDirectory.unused(settings.name());
    List<String> words = new ArrayList<>(List.of("train", PRESET));
    words.addAll(store.words());
    words.addAll(List.of("--run-dir", run.toString(), "--resume"));
    var asked =
        new JobSpec.TrainRun(
            settings,
            Optional.empty(),
            run,
            false,
            Optional.empty(),
            store.chosen(),
            Typed.invocation(context, spec));
    return new TrainingConsole(context, json, String.join(" ", words)).run(asked).value();
  }
}

package dev.merlon.actors.cli.command;

import dev.merlon.actors.cli.option.StoreOptions;
import dev.merlon.actors.cli.option.Typed;
import dev.merlon.actors.cli.work.CommandContext;
import dev.merlon.actors.cli.work.TrainingConsole;
import dev.merlon.actors.job.JobSpec;
import dev.merlon.actors.run.RunDirectory;
import dev.merlon.config.RunSettings;
import dev.merlon.config.ScheduleTooLong;
import dev.merlon.config.Settings;
import dev.merlon.config.failure.MerlonException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Trains one network, certifies it on the test images and writes both down. */
@Command(
    name = "train",
    sortOptions = false,
    sortSynopsis = false,
    customSynopsis = "merlon train PRESET|FILE.conf [OPTIONS]",
    description = {
      "Train a network by a preset or a configuration file, export it to ONNX and certify it on the"
          + " test images."
    },
    parameterListHeading = "%nArguments:%n",
    optionListHeading = "%nOptions:%n",
    footer = {
      "",
      "Ctrl-C writes a checkpoint and stops; --resume goes on from it.",
      "Examples:",
      "  merlon train demo --set seed=2 --run-dir runs/demo-seed-2",
      "  merlon train mnist-cnn3-ibp-0.1 --data data/mnist --run-dir runs/mnist",
      "  merlon train demo --from runs/demo --set epochs=10 --run-dir runs/demo-longer"
    })
public final class TrainCommand implements Callable<Integer> {
  private final CommandContext context;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(
      paramLabel = "PRESET|FILE.conf",
      completionCandidates = PresetWords.class,
      description = "What to train: a name that `merlon presets` lists, or a file of settings.")
  private String source = "";

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Where the files of the data set lie. Not needed where it is drawn (demo).")
  private Optional<Path> data = Optional.empty();

  @Option(
      names = "--run-dir",
      paramLabel = "DIR",
      description = "Where everything the run makes goes. Default: runs/NAME.")
  private Optional<Path> directory = Optional.empty();

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "Override a setting; may be repeated. `merlon presets NAME` shows them all.")
  private List<String> overrides = new ArrayList<>();

  @Option(
      names = "--from",
      paramLabel = "MODEL.onnx|RUN_DIR|CHECKPOINT",
      description =
          "Start from a trained network instead of drawn weights: an ONNX model, the final.onnx of"
              + " a run, or a checkpoint (*.merlon). The run keeps it as start.onnx.")
  private Optional<Path> from = Optional.empty();

  @Option(
      names = "--resume",
      description =
          "Go on from the newest good checkpoint of the run directory, or start anew if there is"
              + " none. Without it a directory that is in use is refused.")
  private boolean resume;

  @Mixin private StoreOptions store = new StoreOptions();

  @Option(names = "--json", description = "Print one JSON object with the results at the end.")
  private boolean json;

  /** The command, run in this process. */
  public TrainCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    RunSettings settings = settings();
    RunDirectory run =
        directory.map(RunDirectory::new).orElseGet(() -> RunDirectory.usual(settings.name()));
    run.requireUsable(resume);
    var asked =
        new JobSpec.TrainRun(
            settings, data, run, resume, from, store.chosen(), Typed.invocation(context, spec));
    return new TrainingConsole(context, json, advice(run.path())).run(asked).value();
  }

  private RunSettings settings() {
    try {
      return Settings.load(source, overrides);
    } catch (ScheduleTooLong refused) {
      throw MerlonException.configuration(
          refused.failure().message(),
          "Shrink the schedule with the run: `"
              + context.merlon()
              + " "
              + command(refused.fitting(), directory)
              + "`.");
    }
  }

  /** The command that goes on with this run. */
  private String advice(Path run) {
    return command(overrides, Optional.of(run)) + " --resume";
  }

  private String command(List<String> settings, Optional<Path> run) {
    var words = new ArrayList<>(List.of("train", Typed.quoted(source)));
    data.ifPresent(files -> words.addAll(List.of("--data", Typed.quoted(files.toString()))));
    settings.forEach(override -> words.addAll(List.of("--set", Typed.quoted(override))));
    from.ifPresent(start -> words.addAll(List.of("--from", Typed.quoted(start.toString()))));
    words.addAll(store.words());
    run.ifPresent(folder -> words.addAll(List.of("--run-dir", Typed.quoted(folder.toString()))));
    return String.join(" ", words);
  }
}

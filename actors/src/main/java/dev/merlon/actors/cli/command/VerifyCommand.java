package dev.merlon.actors.cli.command;

import dev.merlon.actors.cli.option.AnswerOptions;
import dev.merlon.actors.cli.option.StoreOptions;
import dev.merlon.actors.cli.option.TimeSpan;
import dev.merlon.actors.cli.work.CommandContext;
import dev.merlon.actors.cli.work.PropertyConsole;
import dev.merlon.actors.job.JobSpec;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Answers one VNN-LIB property about a model file. */
@Command(
    name = "verify",
    sortOptions = false,
    customSynopsis = "merlon verify MODEL.onnx FILE.vnnlib [OPTIONS]",
    description = {
      "Answer one VNN-LIB property in the words of the verification competition: unsat (it holds),"
          + " sat (there is a counterexample), unknown or timeout."
    },
    parameterListHeading = "%nArguments:%n",
    optionListHeading = "%nOptions:%n",
    footer = {
      "",
      "Exit code 0 for each of the four words.",
      "Example:",
      "  merlon verify net.onnx prop_3.vnnlib --timeout 2min --witness prop_3.txt"
    })
public final class VerifyCommand implements Callable<Integer> {
  private final CommandContext context;

  @Parameters(index = "0", paramLabel = "MODEL.onnx", description = "The model.")
  private Path model = Path.of("");

  @Parameters(
      index = "1",
      paramLabel = "FILE.vnnlib",
      description = "The property, which describes counterexamples; packed if it ends in .gz.")
  private Path property = Path.of("");

  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      converter = TimeSpan.class,
      defaultValue = "5min",
      description = "Time for the whole property, such as 30s or 5min. Default: 5min.")
  private Duration timeout = Duration.ofMinutes(5);

  @Option(
      names = "--witness",
      paramLabel = "FILE",
      description = "Where a counterexample is written, in the competition's form.")
  private Optional<Path> witness = Optional.empty();

  @Mixin private StoreOptions store = new StoreOptions();

  @Mixin private AnswerOptions answer = new AnswerOptions();

  /** The command, run in this process. */
  public VerifyCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    var asked = new JobSpec.VerifyProperty(model, property, timeout, answer.seed(), store.chosen());
    return new PropertyConsole(context, witness, answer.json()).run(asked).value();
  }
}

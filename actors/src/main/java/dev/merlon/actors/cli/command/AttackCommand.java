package dev.merlon.actors.cli.command;

import dev.merlon.actors.cli.option.InputOptions;
import dev.merlon.actors.cli.option.OutputOptions;
import dev.merlon.actors.cli.option.ThreatOptions;
import dev.merlon.actors.cli.option.Typed;
import dev.merlon.actors.cli.work.AttackConsole;
import dev.merlon.actors.cli.work.CommandContext;
import dev.merlon.actors.job.Examination;
import dev.merlon.actors.job.JobSpec;
import dev.merlon.config.attack.AttackMethod;
import dev.merlon.config.attack.AttackSettings;
import dev.merlon.config.attack.AttackStrength;
import dev.merlon.config.attack.EvaluationAttack;
import dev.merlon.config.failure.MerlonException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Measures a model's accuracy under attack. */
@Command(
    name = "attack",
    sortOptions = false,
    customSynopsis = {
      "merlon attack MODEL.onnx --data KIND[:DIR] --norm NORM:EPS... [OPTIONS]",
      "       merlon attack MODEL.onnx --image FILE --label CLASS --norm NORM:EPS... [OPTIONS]"
    },
    description = {
      "Measure a model's accuracy under attack: projected gradient descent, or APGD, with restarts"
          + " on inputs of a data set or one picture."
    },
    parameterListHeading = "%nArguments:%n",
    optionListHeading = "%nOptions:%n",
    footer = {
      "",
      "Fractions are of all inputs asked for. ONNX Runtime confirms each counterexample on the"
          + " file itself. An attack proves nothing: merlon certify does.",
      "Example:",
      "  merlon attack runs/demo/final.onnx --data demo --norm linf:0.1 --first 500"
    })
public final class AttackCommand implements Callable<Integer> {
  private final CommandContext context;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(paramLabel = "MODEL.onnx", description = "The model: pixels in, logits out.")
  private Path model = Path.of("");

  @Mixin private InputOptions inputs = new InputOptions();

  @Mixin private ThreatOptions threats = new ThreatOptions();

  @Option(
      names = "--strength",
      paramLabel = "NAME",
      converter = StrengthConverter.class,
      completionCandidates = StrengthWords.class,
      defaultValue = "standard",
      description =
          "quick: 20 steps. standard (default): 50 steps, 3 restarts. taps-200: 200 steps, 5"
              + " restarts, as TAPS and CTBench. apgd: APGD, 100 steps on each of two losses."
              + " apgd-targeted: 100 steps towards each of nine classes.")
  private AttackStrength strength = AttackStrength.STANDARD;

  @Option(
      names = "--steps",
      paramLabel = "N",
      description = "Gradient steps of each run. Default: by --strength.")
  private Optional<Integer> steps = Optional.empty();

  @Option(
      names = "--restarts",
      paramLabel = "N",
      description = "Random starts for each norm and loss. Default: by --strength.")
  private Optional<Integer> restarts = Optional.empty();

  @Option(
      names = "--step-size",
      paramLabel = "SHARE",
      description =
          "The first step as a share of the clipped ball's half width (linf) or of the radius,"
              + " above 0 and at most 2. Default: by --strength; not for APGD.")
  private Optional<Double> stepSize = Optional.empty();

  @Mixin private OutputOptions output = new OutputOptions();

  /** The command, run in this process. */
  public AttackCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    Typed.requireGiven(spec, InputOptions.needed(inputs, threats));
    Typed.requirePositive("--steps", steps);
    Typed.requirePositive("--restarts", restarts);
    if (stepSize.isPresent() && !(stepSize.get() > 0 && stepSize.get() <= 2)) {
      throw MerlonException.configuration(
          "--step-size is " + stepSize.get() + ": must be above 0 and at most 2",
          "Give a share such as 0.25.");
    }
    if (stepSize.isPresent() && strength.method() != AttackMethod.PGD) {
      throw MerlonException.configuration(
          "--step-size is for PGD, and --strength " + strength.word() + " finds its own steps",
          "Leave one of the two out.");
    }
    var asked =
        new JobSpec.AttackModel(
            new Examination(model, inputs.chosen(), threats.threats()),
            attack(),
            output.conduct(context.console(), List.of()));
    return new AttackConsole(context, output.form()).run(asked).value();
  }

  private EvaluationAttack attack() {
    AttackSettings named = strength.settings();
    return new EvaluationAttack(
        strength.method(),
        new AttackSettings(
            steps.orElse(named.steps()),
            restarts.orElse(named.restarts()),
            stepSize.orElse(named.stepSize()),
            named.decay(),
            named.statistics(),
            named.clampStart()));
  }

  /** Reads {@code taps-200}. */
  static final class StrengthConverter implements ITypeConverter<AttackStrength> {
    @Override
    public AttackStrength convert(String text) {
      return Typed.value(text, AttackStrength::parse);
    }
  }
}

package dev.merlon.actors.cli.command;

import dev.merlon.actors.cli.option.InputOptions;
import dev.merlon.actors.cli.option.OutputOptions;
import dev.merlon.actors.cli.option.ThreatOptions;
import dev.merlon.actors.cli.option.TimeSpan;
import dev.merlon.actors.cli.option.Typed;
import dev.merlon.actors.cli.work.CasesConsole;
import dev.merlon.actors.cli.work.CertificationConsole;
import dev.merlon.actors.cli.work.CommandContext;
import dev.merlon.actors.job.Conduct;
import dev.merlon.actors.job.Examination;
import dev.merlon.actors.job.JobSpec;
import dev.merlon.config.evaluation.EvaluationSettings;
import dev.merlon.config.failure.MerlonException;
import dev.merlon.model.verify.count.Requirement;
import dev.merlon.model.verify.question.Guarantee;
import dev.merlon.model.verify.verdict.Outcome;
import dev.merlon.model.verify.verdict.Rung;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Certifies a model file on inputs of a data set, or the cases of a file. */
@Command(
    name = "certify",
    sortOptions = false,
    customSynopsis = {
      "merlon certify MODEL.onnx --data KIND[:DIR] --norm NORM:EPS... [OPTIONS]",
      "       merlon certify MODEL.onnx --image FILE --label CLASS --norm NORM:EPS... [OPTIONS]",
      "       merlon certify --cases FILE.json [OPTIONS]"
    },
    description = {
      "Prove, for inputs of a data set or one picture, that a model's answer cannot change within a"
          + " perturbation, or find a counterexample."
    },
    parameterListHeading = "%nArguments:%n",
    optionListHeading = "%nOptions:%n",
    footer = {
      "",
      "Fractions are of all inputs asked for, misclassified ones included.",
      "Example:",
      "  merlon certify runs/demo/final.onnx --data demo --norm linf:0.1 --first 500"
    })
public final class CertifyCommand implements Callable<Integer> {
  private final CommandContext context;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(
      paramLabel = "MODEL.onnx",
      arity = "0..1",
      description = "The model: pixels in, logits out.")
  private Optional<Path> model = Optional.empty();

  @Option(
      names = "--cases",
      paramLabel = "FILE.json",
      description =
          "Many cases, each with its model, input, label, perturbation and time; instead of MODEL,"
              + " --data and --norm.")
  private Optional<Path> cases = Optional.empty();

  @Mixin private InputOptions inputs = new InputOptions();

  @Mixin private ThreatOptions threats = new ThreatOptions();

  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      converter = TimeSpan.class,
      description =
          "Time for each input and perturbation, such as 500ms or 2min. Default: 30s, or what a"
              + " case says.")
  private Optional<Duration> timeout = Optional.empty();

  @Option(
      names = "--rungs",
      paramLabel = "LIST",
      split = ",",
      hideParamSyntax = true,
      completionCandidates = RungWords.class,
      defaultValue = EvaluationSettings.EVERY_RUNG,
      description =
          "What is tried, from cheap to expensive, with commas between. Default: all of"
              + " ${COMPLETION-CANDIDATES}.")
  private List<String> rungs = new ArrayList<>();

  @Option(
      names = "--guarantee",
      paramLabel = "NAME",
      converter = GuaranteeConverter.class,
      completionCandidates = GuaranteeWords.class,
      defaultValue = "real",
      description =
          "What a certificate is about. real (default): the exact function of the file's weights,"
              + " rounding accounted for; deployed: also whatever ONNX Runtime's float32 arithmetic"
              + " can return; nominal: plain float64 arithmetic, as in the literature.")
  private Guarantee guarantee = Guarantee.REAL;

  @Option(
      names = "--require",
      paramLabel = "MEASURE>=SHARE",
      converter = RequirementConverter.class,
      description =
          "Make it a gate: union>=0.85, natural>=0.97 or linf:0.3>=0.9; repeated, all of them must"
              + " hold. Exit code 0 accepted, 1"
              + " rejected, 4 undecided.")
  private List<Requirement> requirements = new ArrayList<>();

  @Mixin private OutputOptions output = new OutputOptions();

  @Option(
      names = "--retry",
      paramLabel = "LIST",
      split = ",",
      hideParamSyntax = true,
      converter = VerdictWords.class,
      completionCandidates = VerdictWords.class,
      description =
          "Ask again what the store, or with --resume --out, holds as unknown or timeout.")
  private List<Outcome.Kind> retry = new ArrayList<>();

  /** The command, run in this process. */
  public CertifyCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    return cases.isPresent() ? certifyCases(cases.get()) : certifyInputs();
  }

  private Integer certifyInputs() {
    if (model.isEmpty()) {
      throw new ParameterException(spec.commandLine(), "Missing required parameter: MODEL.onnx");
    }
    Typed.requireGiven(spec, InputOptions.needed(inputs, threats));
    var asked =
        new JobSpec.CertifyModel(
            new Examination(model.get(), inputs.chosen(), threats.threats()),
            new JobSpec.Terms(
                Rung.ladder(rungs), guarantee, timeout.orElse(Duration.ofSeconds(30))),
            requirements,
            conduct());
    return new CertificationConsole(context, output.form()).run(asked).value();
  }

  private Integer certifyCases(Path file) {
    List<String> foreign = new ArrayList<>(inputs.used());
    foreign.addAll(threats.used());
    model.ifPresent(named -> foreign.add(0, "MODEL"));
    if (!requirements.isEmpty()) {
      foreign.add("--require");
    }
    if (output.savesPictures()) {
      foreign.add("--save-adversarial");
    }
    if (!foreign.isEmpty()) {
      throw MerlonException.configuration(
          "--cases names models, inputs and perturbations itself, for pixels in [0,1]",
          "Leave out " + String.join(", ", foreign) + ".");
    }
    var asked =
        new JobSpec.CertifyCases(
            file, Rung.ladder(rungs), guarantee, inputs.threshold(), timeout, conduct());
    return new CasesConsole(context, output.form()).run(asked).value();
  }

  private Conduct conduct() {
    return output.conduct(context.console(), retry);
  }

  /** Reads {@code nominal}. */
  static final class GuaranteeConverter implements ITypeConverter<Guarantee> {
    @Override
    public Guarantee convert(String text) {
      return Typed.value(text, Guarantee::parse);
    }
  }

  /** Reads {@code union>=0.85}. */
  static final class RequirementConverter implements ITypeConverter<Requirement> {
    @Override
    public Requirement convert(String text) {
      return Typed.value(text, Requirement::parse);
    }
  }
}

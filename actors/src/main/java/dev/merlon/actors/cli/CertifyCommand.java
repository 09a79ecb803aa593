package dev.merlon.actors.cli;

import dev.merlon.actors.cli.work.CertificationJob;
import dev.merlon.actors.cli.work.CommandContext;
import dev.merlon.actors.cli.work.Examination;
import dev.merlon.model.verify.Guarantee;
import dev.merlon.model.verify.Requirement;
import dev.merlon.model.verify.Rung;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Certifies a model file on inputs of a data set. */
@Command(
    name = "certify",
    sortOptions = false,
    customSynopsis = "merlon certify MODEL.onnx --data KIND[:DIR] --norm NORM:EPS... [OPTIONS]",
    description = {
      "Prove, for inputs of a data set, that a model's answer cannot change within a perturbation,"
          + " or find a counterexample."
    },
    parameterListHeading = "%nArguments:%n",
    optionListHeading = "%nOptions:%n",
    footer = {
      "",
      "Fractions are of all inputs asked for, misclassified ones included.",
      "Example:",
      "  merlon certify runs/demo/final.onnx --data demo --norm linf:0.1 --first 500"
    })
final class CertifyCommand implements Callable<Integer> {
  private final CommandContext context;

  @Parameters(paramLabel = "MODEL.onnx", description = "The model: raw pixels in, logits out.")
  private Path model = Path.of("");

  @Mixin private InputOptions inputs = new InputOptions();

  @Mixin private ThreatOptions threats = new ThreatOptions();

  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      converter = TimeSpan.class,
      defaultValue = "30s",
      description = "Time for each input and perturbation, such as 500ms or 2min. Default: 30s.")
  private Duration timeout = Duration.ofSeconds(30);

  @Option(
      names = "--rungs",
      paramLabel = "LIST",
      split = ",",
      hideParamSyntax = true,
      defaultValue = "ibp,crown-ibp,pgd,crown,alpha-crown,bab",
      description =
          "What is tried, from cheap to dear. Default: ibp,crown-ibp,pgd,crown,alpha-crown,bab.")
  private List<String> rungs = new ArrayList<>();

  @Option(
      names = "--guarantee",
      paramLabel = "NAME",
      converter = GuaranteeConverter.class,
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
          "Make it a gate: union>=0.85, natural>=0.97 or linf:0.3>=0.9. Exit code 0 accepted, 1"
              + " rejected, 4 undecided.")
  private Optional<Requirement> requirement = Optional.empty();

  @Mixin private OutputOptions output = new OutputOptions();

  CertifyCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    var subject =
        new Examination.Subject(model, inputs.chosen(), threats.threats(), threats.clip());
    var order =
        new CertificationJob.Order(
            subject,
            new CertificationJob.Effort(Rung.ladder(rungs), guarantee, timeout),
            requirement,
            output.chosen(),
            output.json());
    return new CertificationJob(context).run(order).value();
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

package dev.merlon.actors.cli;

import dev.merlon.actors.cli.work.CertificationJob;
import dev.merlon.actors.cli.work.CommandContext;
import dev.merlon.actors.cli.work.IndexList;
import dev.merlon.config.Failure;
import dev.merlon.config.MerlonException;
import dev.merlon.config.ThreatSpec;
import dev.merlon.model.data.DataSplit;
import dev.merlon.model.verify.Guarantee;
import dev.merlon.model.verify.Requirement;
import dev.merlon.model.verify.Rung;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

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
      "  merlon certify runs/demo/final.onnx --data demo --norm linf:0.1 --norm l2:0.5 --first 500"
    })
final class CertifyCommand implements Callable<Integer> {
  private final CommandContext context;

  @Parameters(paramLabel = "MODEL.onnx", description = "The model: raw pixels in, logits out.")
  private Path model = Path.of("");

  @Option(
      names = "--data",
      paramLabel = "KIND[:DIR]",
      required = true,
      description =
          "The inputs: mnist:DIR, cifar10:DIR, cifar100:DIR, tinyimagenet:DIR, folder:DIR (one"
              + " folder of images per class, or train/ and test/ with such folders), or demo.")
  private String data = "";

  @Option(
      names = "--split",
      paramLabel = "SPLIT",
      converter = SplitConverter.class,
      defaultValue = "test",
      description = "test (default) or train.")
  private DataSplit split = DataSplit.TEST;

  @Option(
      names = "--crop",
      paramLabel = "SIDE",
      description = "The square of SIDE pixels in the middle of every input. Default: all of it.")
  private Optional<Integer> crop = Optional.empty();

  @Option(
      names = "--first",
      paramLabel = "N",
      description = "Only the first N inputs. Default: all.")
  private Optional<Integer> first = Optional.empty();

  @Option(
      names = "--indices",
      paramLabel = "LIST",
      converter = IndexConverter.class,
      description = "Only these inputs, counted from 0, such as 5,9,20-40.")
  private Optional<IndexList> indices = Optional.empty();

  @Option(
      names = "--norm",
      paramLabel = "NORM:EPS",
      required = true,
      converter = ThreatConverter.class,
      completionCandidates = NormNames.class,
      description =
          "A perturbation: a norm (${COMPLETION-CANDIDATES}) and its radius on pixels in [0,1], such"
              + " as linf:8/255. Given several times, each input is also counted for their union.")
  private List<ThreatSpec> threats = new ArrayList<>();

  @Option(
      names = "--no-clip",
      description = "Certify the whole ball. By default only its part in [0,1] counts.")
  private boolean noClip;

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
      defaultValue = "ibp,crown-ibp,pgd,crown",
      description = "What is tried, from cheap to dear. Default: ibp,crown-ibp,pgd,crown.")
  private List<String> rungs = new ArrayList<>();

  @Option(
      names = "--guarantee",
      paramLabel = "NAME",
      converter = GuaranteeConverter.class,
      defaultValue = "nominal",
      description =
          "What a certificate is about. nominal (default, and the only one in this version): plain"
              + " float64 arithmetic, as in the literature.")
  private Guarantee guarantee = Guarantee.NOMINAL;

  @Option(
      names = "--require",
      paramLabel = "MEASURE>=SHARE",
      converter = RequirementConverter.class,
      description =
          "Make it a gate: union>=0.85, natural>=0.97 or linf:0.3>=0.9. Exit code 0 accepted, 1"
              + " rejected, 4 undecided.")
  private Optional<Requirement> requirement = Optional.empty();

  @Option(
      names = "--out",
      paramLabel = "FILE.jsonl",
      description = "Write every verdict as one line of JSON.")
  private Optional<Path> out = Optional.empty();

  @Option(names = "--resume", description = "Go on with the verdicts that --out already holds.")
  private boolean resume;

  @Option(
      names = "--verifiers",
      paramLabel = "N",
      description = "How many verifiers work at once, each with the model in memory. Default: 1.")
  private Optional<Integer> verifiers = Optional.empty();

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "0",
      description = "Keys the start points of attacks. Default: 0.")
  private long seed;

  @Option(names = "--json", description = "Print one JSON object with the results at the end.")
  private boolean json;

  CertifyCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    if (first.isPresent() && indices.isPresent()) {
      throw refused("--first and --indices exclude each other", "Use one of them.");
    }
    if (resume && out.isEmpty()) {
      throw refused("--resume needs the verdicts to go on with", "Add --out FILE.jsonl.");
    }
    requirePositive("--first", first);
    requirePositive("--crop", crop);
    requirePositive("--verifiers", verifiers);
    var order =
        new CertificationJob.Order(
            model,
            new CertificationJob.Inputs(data, split, crop, first, indices),
            threats,
            !noClip,
            new CertificationJob.Effort(Rung.ladder(rungs), guarantee, timeout, seed, verifiers),
            requirement,
            out,
            resume,
            json);
    return new CertificationJob(context).run(order).value();
  }

  private static void requirePositive(String option, Optional<Integer> value) {
    if (value.isPresent() && value.get() < 1) {
      throw refused(
          option + " is " + value.get() + ": must be at least 1", "Give a number above 0.");
    }
  }

  private static MerlonException refused(String message, String remedy) {
    return new MerlonException(new Failure.Configuration(message, remedy));
  }

  /** Reads {@code test}. */
  static final class SplitConverter implements ITypeConverter<DataSplit> {
    @Override
    public DataSplit convert(String text) {
      return Stream.of(DataSplit.TEST, DataSplit.TRAIN)
          .filter(split -> split.label().equals(text))
          .findFirst()
          .orElseThrow(
              () -> new TypeConversionException("'" + text + "' is no split: use test or train"));
    }
  }

  /** Reads {@code 5,9,20-40}. */
  static final class IndexConverter implements ITypeConverter<IndexList> {
    @Override
    public IndexList convert(String text) {
      return Typed.value(text, IndexList::parse);
    }
  }

  /** Reads {@code linf:8/255}. */
  static final class ThreatConverter implements ITypeConverter<ThreatSpec> {
    @Override
    public ThreatSpec convert(String text) {
      return Typed.value(text, ThreatSpec::parse);
    }
  }

  /** Reads {@code nominal}. */
  static final class GuaranteeConverter implements ITypeConverter<Guarantee> {
    @Override
    public Guarantee convert(String text) {
      return Typed.value(text, word -> Guarantee.parse(word).available());
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

package dev.merlon.actors.cli.work;

import dev.merlon.actors.cli.terminal.Amounts;
import dev.merlon.actors.cli.terminal.Console;
import dev.merlon.actors.cli.terminal.Json;
import dev.merlon.actors.cli.terminal.Sentence;
import dev.merlon.actors.verification.CertificationReport;
import dev.merlon.actors.verification.CertificationRequest;
import dev.merlon.config.AttackSettings;
import dev.merlon.config.Failure;
import dev.merlon.config.MerlonException;
import dev.merlon.config.Settings;
import dev.merlon.config.ThreatSpec;
import dev.merlon.model.data.DataSplit;
import dev.merlon.model.data.Dataset;
import dev.merlon.model.data.DatasetSource;
import dev.merlon.model.data.Datasets;
import dev.merlon.model.data.ImageShape;
import dev.merlon.model.norm.Norm;
import dev.merlon.model.norm.PerturbationSet;
import dev.merlon.model.onnx.ImportedModel;
import dev.merlon.model.onnx.OnnxImport;
import dev.merlon.model.verify.Guarantee;
import dev.merlon.model.verify.Questions;
import dev.merlon.model.verify.Requirement;
import dev.merlon.model.verify.Rung;
import dev.merlon.model.verify.Summary;
import dev.merlon.model.verify.VerifierSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** One certification as a user sees it: progress, table, gate. */
public final class CertificationJob {
  private final CommandContext context;

  /** One that talks to the user through this context. */
  public CertificationJob(CommandContext context) {
    this.context = context;
  }

  /**
   * Which inputs a user asked for.
   *
   * @param data kind and directory, such as {@code mnist:data/mnist}
   * @param crop side of the square in the middle that is taken
   * @param first only so many
   * @param indices only these
   */
  public record Inputs(
      String data,
      DataSplit split,
      Optional<Integer> crop,
      Optional<Integer> first,
      Optional<IndexList> indices) {

    Questions questions(Dataset images, List<PerturbationSet> sets) {
      return indices
          .map(chosen -> Questions.about(images, chosen.requireBelow(images.size()), sets))
          .orElseGet(() -> Questions.aboutFirst(images, first.orElse(0), sets));
    }
  }

  /** How hard a user wants it tried. */
  public record Effort(
      List<Rung> rungs,
      Guarantee guarantee,
      Duration timeout,
      long seed,
      Optional<Integer> verifiers) {}

  /**
   * What a user asked for.
   *
   * @param clip whether only the part of a ball in {@code [0,1]} counts
   * @param out where verdicts go
   * @param resume whether {@code out} goes on
   * @param json whether the result is printed as JSON
   */
  public record Order(
      Path model,
      Inputs inputs,
      List<ThreatSpec> threats,
      boolean clip,
      Effort effort,
      Optional<Requirement> requirement,
      Optional<Path> out,
      boolean resume,
      boolean json) {}

  /**
   * Certifies, prints what came out, and gives the exit code.
   *
   * @throws MerlonException when it cannot be done
   */
  public ExitCode run(Order order) {
    ImportedModel model = OnnxImport.read(order.model());
    model.warnings().forEach(warning -> context.console().say("Note: " + Sentence.of(warning)));
    Dataset images = images(order.inputs());
    requireFit(model, images);
    List<PerturbationSet> sets = sets(order.threats(), order.clip());
    Questions questions = order.inputs().questions(images, sets);
    context.log().openHome(context.console());
    Certifier.Result result;
    try (ActorHost host = ActorHost.start()) {
      Certifier certifier = new Certifier(context, host);
      result =
          certifier.run(
              new CertificationRequest(
                  model,
                  questions,
                  settings(order.effort(), host),
                  order.out().map(file -> new CertificationRequest.Results(file, order.resume())),
                  order.requirement().map(gate -> new CertificationRequest.Gate(gate, true))),
              order.effort().verifiers());
      certifier.warn(result);
    }
    return conclude(order, images, result);
  }

  private Dataset images(Inputs inputs) {
    Dataset images = part(inputs);
    return inputs.crop().map(side -> cropped(images, side)).orElse(images);
  }

  /** A data set without parts is taken as a whole. */
  private Dataset part(Inputs inputs) {
    DatasetSource source = Datasets.parse(inputs.data(), DecodedImages.cache(context.console()));
    if (source.parts().equals(Set.of(DataSplit.TRAIN)) && inputs.split() == DataSplit.TEST) {
      context
          .console()
          .say("Note: " + inputs.data() + " has no test part; all its images are taken");
      return source.read(DataSplit.TRAIN);
    }
    return source.read(inputs.split());
  }

  private static Dataset cropped(Dataset images, int side) {
    if (side > images.shape().height() || side > images.shape().width()) {
      throw new MerlonException(
          new Failure.Configuration(
              "--crop is " + side + " but the images are " + images.shape(),
              "Choose a crop that is no larger than the images."));
    }
    return images.centreCrop(side);
  }

  /** The sets that threats mean. */
  static List<PerturbationSet> sets(List<ThreatSpec> threats, boolean clip) {
    return threats.stream()
        .distinct()
        .map(threat -> new PerturbationSet(Norm.of(threat.norm()), threat.eps(), clip))
        .toList();
  }

  private static VerifierSettings settings(Effort effort, ActorHost host) {
    AttackSettings attack = Settings.parse("", "the defaults", List.of()).evaluation().attack();
    return new VerifierSettings(
        effort.rungs(),
        effort.guarantee(),
        attack,
        effort.seed(),
        effort.timeout(),
        host.verifierLimits(),
        false);
  }

  private ExitCode conclude(Order order, Dataset images, Certifier.Result result) {
    CertificationReport report = result.report();
    Optional<ExitCode> interrupted = context.interrupts().raised();
    if (interrupted.isPresent() && !report.summary().complete()) {
      context.console().say(stopped(order, report.summary()));
      return interrupted.get();
    }
    Console console = context.console();
    if (order.json()) {
      console.print(Json.line(Reports.certification(order.model(), report, order.requirement())));
    } else {
      print(order, images, report);
    }
    return interrupted.orElse(result.code());
  }

  private void print(Order order, Dataset images, CertificationReport report) {
    Console console = context.console();
    Summary summary = report.summary();
    console.print(
        "%s (sha256 %s) on %s of %s, %s set, guarantee %s, in %s"
            .formatted(
                order.model(),
                report.sha256().substring(0, 12),
                Amounts.count(summary.inputs(), "input"),
                images.name(),
                images.split().label(),
                order.effort().guarantee().word(),
                Amounts.time(report.elapsed())));
    console.print("");
    new SummaryTable(summary).lines().forEach(console::print);
    console.print("");
    console.print("Decided by " + rungs(summary));
    order.out().ifPresent(file -> console.print("Verdicts in " + file));
    order.requirement().ifPresent(gate -> console.print(gate + ": " + gate.decide(summary).name()));
  }

  private static String stopped(Order order, Summary summary) {
    String soFar =
        "Stopped after %,d of %,d inputs".formatted(summary.answered(), summary.inputs());
    return order
        .out()
        .map(file -> soFar + "; their verdicts are in " + file + ", --resume goes on.")
        .orElse(soFar + "; --out FILE.jsonl and --resume would keep them.");
  }

  private static String rungs(Summary summary) {
    return Arrays.stream(Rung.values())
        .filter(rung -> summary.rungs().containsKey(rung))
        .map(rung -> rung.word() + " " + summary.rungs().get(rung))
        .collect(Collectors.joining(", "));
  }

  private static void requireFit(ImportedModel model, Dataset images) {
    ImageShape image = images.shape();
    long[] taken = model.network().inputShape().getShape();
    long[] given = {image.channels(), image.height(), image.width()};
    boolean fits = Arrays.equals(taken, given) && images.classes() <= model.network().classes();
    if (!fits) {
      throw new MerlonException(
          new Failure.Configuration(
              "%s takes %s and has %d classes, but %s has images of %s and %d classes"
                  .formatted(
                      model.name(),
                      Arrays.toString(taken),
                      model.network().classes(),
                      images.name(),
                      Arrays.toString(given),
                      images.classes()),
              "Name the data the model was trained on."));
    }
  }
}

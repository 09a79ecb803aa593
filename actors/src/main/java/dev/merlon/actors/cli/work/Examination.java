package dev.merlon.actors.cli.work;

import dev.merlon.actors.cli.terminal.Console;
import dev.merlon.actors.cli.terminal.Sentence;
import dev.merlon.actors.job.ActorHost;
import dev.merlon.actors.job.RadiusCheck;
import dev.merlon.actors.verification.CertificationReport;
import dev.merlon.actors.verification.CertificationRequest;
import dev.merlon.actors.verification.OpenedStore;
import dev.merlon.actors.verification.Results;
import dev.merlon.actors.verification.StoreChoice;
import dev.merlon.config.MerlonException;
import dev.merlon.model.norm.PerturbationSet;
import dev.merlon.model.onnx.ImportedModel;
import dev.merlon.model.onnx.ModelUse;
import dev.merlon.model.onnx.OnnxImport;
import dev.merlon.model.store.Facts;
import dev.merlon.model.verify.Effort;
import dev.merlon.model.verify.Guarantee;
import dev.merlon.model.verify.Outcome;
import dev.merlon.model.verify.Questions;
import dev.merlon.model.verify.Requirement;
import dev.merlon.model.verify.RuntimePredictor;
import dev.merlon.model.verify.Summary;
import dev.merlon.model.verify.Verdict;
import dev.merlon.model.verify.VerdictFile;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Asks verifiers about a model's answers on inputs of a data set, with progress on the console: the
 * work that certifying and attacking share.
 */
public final class Examination {
  private final CommandContext context;
  private final CertificationView.Measure measure;

  Examination(CommandContext context, CertificationView.Measure measure) {
    this.context = context;
    this.measure = measure;
  }

  /**
   * What is asked.
   *
   * @param threats what may be done to each input
   */
  public record Subject(Path model, InputChoice inputs, List<PerturbationSet> threats) {
    /** Leaves out what is given twice. */
    public Subject {
      threats = threats.stream().distinct().toList();
    }
  }

  /**
   * What is known before, and where verdicts go.
   *
   * @param out the results file or stream
   * @param store the store of verdicts
   * @param retry verdicts of both that are asked for again
   */
  public record Kept(Optional<VerdictTarget> out, StoreChoice store, Set<Outcome.Kind> retry) {
    /** Copies the set. */
    public Kept {
      retry = Set.copyOf(retry);
    }
  }

  /**
   * How the work is done.
   *
   * @param kept what is known, and where verdicts go
   * @param verifiers how many work at once
   * @param seed keys the start points of attacks
   * @param pictures the folder that pictures of counterexamples go to
   */
  public record Conduct(
      Kept kept, Optional<Integer> verifiers, long seed, Optional<Path> pictures) {

    /** The same with verdicts that are asked for again. */
    public Conduct retrying(Collection<Outcome.Kind> again) {
      Kept other = new Kept(kept.out(), kept.store(), Set.copyOf(again));
      return new Conduct(other, verifiers, seed, pictures);
    }

    /** Whether there may be verdicts to go on with. */
    public boolean goesOn() {
      return kept.store().wanted()
          || out().filter(to -> to.opening() == VerdictFile.Opening.RESUME).isPresent();
    }

    private Optional<VerdictTarget> out() {
      return kept.out();
    }

    /** Where verdicts are written, if anywhere. */
    Optional<Results> results(Console console) {
      return out().map(target -> target.results(console, kept.retry()));
    }

    /** Where tables are printed. */
    Console tables(Console console) {
      return out().map(target -> target.tables(console)).orElse(console);
    }

    /** The file that keeps verdicts, if one does. */
    Optional<Path> file() {
      return out().flatMap(VerdictTarget::file);
    }
  }

  /** What came out, and about which images. */
  record Findings(ChosenImages images, Certifier.Result result) {
    CertificationReport report() {
      return result.report();
    }

    /** What is done around the model, if anything is. */
    List<String> use() {
      ModelUse use = images.model().use();
      return Stream.of(
              use.input().map(words -> "Given to the model: " + words),
              use.threshold().map(decisive -> "Class 1 where the output is above " + decisive))
          .flatMap(Optional::stream)
          .toList();
    }

    /** About one picture, each fresh verdict in a line, and an empty one behind them. */
    List<String> answers(Function<Verdict, String> sentence) {
      if (!images.isOnePicture() || result.fresh().isEmpty()) {
        return List.of();
      }
      return Stream.concat(result.fresh().stream().map(sentence), Stream.of("")).toList();
    }
  }

  /**
   * Reads model and data, asks and warns.
   *
   * @param effort how hard is tried
   * @param guarantee what certificates are to be about
   * @param gate thresholds, all of which have to be reached; none = no gate
   * @throws MerlonException when it cannot be done
   */
  Findings run(
      Subject subject,
      Conduct conduct,
      Effort effort,
      Guarantee guarantee,
      List<Requirement> gate) {
    conduct.pictures().ifPresent(AdversarialPictures::require);
    ImportedModel read = OnnxImport.read(subject.model());
    read.warnings().forEach(warning -> context.console().say("Note: " + Sentence.of(warning)));
    ImportedModel classifier = read.classifying(subject.inputs().taken().threshold());
    ChosenImages images = ChosenImages.read(subject.inputs(), classifier, context.console());
    RadiusCheck.require(subject.threats(), images.images().shape());
    subject.inputs().shortfall(images.images()).ifPresent(context.console()::say);
    Questions questions = subject.inputs().questions(images.images(), subject.threats(), guarantee);
    context.log().openHome(context.console());
    try (OpenedStore store = context.open(conduct.kept().store());
        ActorHost host = ActorHost.start()) {
      var request =
          new CertificationRequest(
              images.model(),
              questions,
              effort,
              conduct.results(context.console()),
              Optional.of(gate)
                  .filter(each -> !each.isEmpty())
                  .map(each -> new CertificationRequest.Gate(each, true)));
      Facts facts = store.facts(images.model(), request.effort(), conduct.kept().retry());
      Certifier certifier = new Certifier(context, host, facts, measure);
      Certifier.Result result = run(certifier, request, conduct, images);
      certifier.warn(result);
      return new Findings(images, result);
    }
  }

  private Certifier.Result run(
      Certifier certifier, CertificationRequest request, Conduct conduct, ChosenImages images) {
    if (conduct.pictures().isEmpty()) {
      return certifier.run(request, conduct.verifiers(), fresh -> {});
    }
    try (var pictures =
        new AdversarialPictures(
            conduct.pictures().get(),
            images.images().shape(),
            RuntimePredictor.open(images.model(), 1))) {
      Certifier.Result result = certifier.run(request, conduct.verifiers(), pictures::save);
      context.console().say(pictures.words());
      return result;
    }
  }

  /**
   * The exit code: what an interrupted examination ends with, which prints how far it came, or what
   * the verdicts call for after {@code print} has shown them.
   */
  ExitCode conclude(Conduct conduct, Findings findings, Runnable print) {
    Optional<ExitCode> interrupted = context.interrupts().raised();
    Summary summary = findings.report().summary();
    if (interrupted.isPresent() && !summary.complete()) {
      context.console().say(stopped(conduct, summary));
      return interrupted.get();
    }
    print.run();
    return interrupted.orElse(findings.result().code());
  }

  private static String stopped(Conduct conduct, Summary summary) {
    String soFar =
        String.format(
            Locale.ROOT, "Stopped after %,d of %,d inputs", summary.answered(), summary.inputs());
    return conduct
        .file()
        .map(file -> soFar + "; their verdicts are in " + file + ", --resume goes on.")
        .orElse(soFar + "; --out FILE.jsonl and --resume would keep them.");
  }
}

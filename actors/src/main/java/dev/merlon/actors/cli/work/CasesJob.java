package dev.merlon.actors.cli.work;

import dev.merlon.actors.cli.terminal.Console;
import dev.merlon.actors.cli.terminal.Json;
import dev.merlon.actors.cli.terminal.Progress;
import dev.merlon.actors.cli.terminal.Sentence;
import dev.merlon.actors.job.ActorHost;
import dev.merlon.actors.job.Waiting;
import dev.merlon.actors.verification.CaseCounts;
import dev.merlon.actors.verification.CaseLedger;
import dev.merlon.actors.verification.CaseRequest;
import dev.merlon.actors.verification.Certification;
import dev.merlon.actors.verification.OpenedStore;
import dev.merlon.actors.verification.RunningCases;
import dev.merlon.actors.verification.VerificationSettings;
import dev.merlon.config.AttackStrength;
import dev.merlon.config.MerlonException;
import dev.merlon.model.onnx.ImportedModel;
import dev.merlon.model.onnx.ModelUse;
import dev.merlon.model.onnx.OnnxImport;
import dev.merlon.model.onnx.Threshold;
import dev.merlon.model.store.Facts;
import dev.merlon.model.verify.Effort;
import dev.merlon.model.verify.Guarantee;
import dev.merlon.model.verify.Outcome;
import dev.merlon.model.verify.Rung;
import dev.merlon.model.verify.Summary;
import dev.merlon.model.verify.VerdictOrigin;
import dev.merlon.model.verify.cases.CaseFile;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * Certifies the cases of a file as a user sees it: several models at once, progress, a table with a
 * row for each, exit code.
 */
public final class CasesJob {
  private static final Duration FALLBACK = Duration.ofSeconds(30);
  private static final String UNREAD = "refused";
  private static final Set<String> ABOUT_THE_MODEL = Set.of("model-format", "configuration");

  private final CommandContext context;

  /** One that talks to the user through this context. */
  public CasesJob(CommandContext context) {
    this.context = context;
  }

  /**
   * What a user asked for.
   *
   * @param threshold for every case that names none
   * @param timeout for every case, instead of its own
   * @param json whether the result is printed as JSON
   */
  public record Order(
      Path cases,
      List<Rung> rungs,
      Guarantee guarantee,
      Optional<Threshold> threshold,
      Optional<Duration> timeout,
      Examination.Conduct conduct,
      boolean json) {}

  /**
   * Certifies, prints what came out, and gives the exit code.
   *
   * @throws MerlonException (data) when the file is no file of cases
   */
  public ExitCode run(Order order) {
    long start = System.nanoTime();
    CaseFile cases = CaseFile.read(order.cases(), order.guarantee());
    context.log().openHome(context.console());
    CaseCounts counts = certify(order, cases);
    Duration elapsed = Duration.ofNanos(System.nanoTime() - start);
    return conclude(order, new CasesReport(cases, counts, elapsed));
  }

  private CaseCounts certify(Order order, CaseFile cases) {
    try (OpenedStore store = context.open(order.conduct().kept().store());
        ActorHost host = ActorHost.start();
        Progress progress =
            Progress.on(context.console(), "Certifying", "cases", 0, cases.cases().size());
        CaseLedger ledger =
            CaseLedger.open(
                cases,
                order.conduct().results(context.console()),
                origin(order),
                counts -> progress.at(counts.answered(), CasesReport.note(counts)))) {
      Stop stop = new Stop(progress);
      try (var registration = context.interrupts().during(code -> stop.now())) {
        VerificationSettings settings = settings(order, host);
        var work = new GroupWork(order, new Place(host, store, settings), ledger, stop, cases);
        new ModelsAtOnce<>(settings.verifiers(), groups(order, cases), work).run();
      }
      return ledger.counts();
    }
  }

  private static List<CaseFile.Group> groups(Order order, CaseFile cases) {
    return cases.groups(order.threshold(), FALLBACK, order.timeout());
  }

  private static VerificationSettings settings(Order order, ActorHost host) {
    VerificationSettings configured = VerificationSettings.of(host.system());
    return order.conduct().verifiers().map(configured::withVerifiers).orElse(configured);
  }

  /** Where the work is done, and what is known there. */
  private record Place(ActorHost host, OpenedStore store, VerificationSettings settings) {}

  /** The cases of one model, whatever the model is. */
  private record GroupWork(Order order, Place place, CaseLedger ledger, Stop stop, CaseFile cases)
      implements ModelsAtOnce.Work<Started> {

    @Override
    public Optional<Started> start(CaseFile.Group group) {
      if (stop.asked()) {
        return Optional.empty();
      }
      Optional<ImportedModel> read = unlessRefused(group, UNREAD, () -> read(group));
      return read.flatMap(
          model -> unlessRefused(group, model.sha256(), () -> stop.running(start(group, model))));
    }

    @Override
    public void conclude(Started ended) {
      unlessRefused(ended.group(), ended.sha256(), () -> Waiting.forResult(ended.ended()));
    }

    // A model that takes other inputs is asked as it is, and its cases say why nothing came out.
    private ImportedModel read(CaseFile.Group group) {
      ImportedModel model = OnnxImport.read(group.model());
      model
          .warnings()
          .forEach(warning -> stop.say("Note: " + shown(group) + ": " + Sentence.of(warning)));
      ImportedModel classifier = model.classifying(group.threshold());
      return classifier.ofImages(group.image(), Optional.empty()).orElse(classifier);
    }

    private Started start(CaseFile.Group group, ImportedModel model) {
      var effort =
          Effort.of(
              order.rungs(),
              AttackStrength.QUICK.attack(),
              order.conduct().seed(),
              group.timeout());
      CaseRequest request = new CaseRequest(model, group, effort);
      Certification certification = new Certification(place.host().system(), place.settings());
      Facts facts = place.store().facts(model, effort, order.conduct().kept().retry());
      return new Started(group, model.sha256(), certification.start(request, facts, ledger));
    }

    private <T> Optional<T> unlessRefused(CaseFile.Group group, String sha256, Supplier<T> step) {
      try {
        return Optional.of(step.get());
      } catch (MerlonException refused) {
        if (!ABOUT_THE_MODEL.contains(refused.failure().code())) {
          throw refused;
        }
        String reason = "model refused: " + refused.failure().message();
        stop.say(shown(group) + " is refused: " + Sentence.of(refused.failure().message()));
        ledger.refuse(new CaseRequest.Refused(group, sha256, reason));
        return Optional.empty();
      }
    }

    private String shown(CaseFile.Group group) {
      return cases.shown(group.model());
    }
  }

  /** Work on the cases of one model. */
  private record Started(CaseFile.Group group, String sha256, RunningCases work)
      implements ModelsAtOnce.Model {
    @Override
    public int cases() {
      return group.cases().size();
    }

    @Override
    public void grow() {
      work.grow(1);
    }

    @Override
    public void cancel() {
      work.cancel();
    }

    @Override
    public CompletionStage<CaseCounts> ended() {
      return work.report();
    }
  }

  private ExitCode conclude(Order order, CasesReport report) {
    Console console = context.console();
    Optional<ExitCode> interrupted = context.interrupts().raised();
    CaseCounts counts = report.counts();
    if (interrupted.isPresent() && counts.answered() < counts.asked()) {
      console.say(report.stopped(order.conduct().file()));
      return interrupted.get();
    }
    Console tables = order.conduct().tables(console);
    if (order.json()) {
      console.print(Json.line(report.json()));
    } else {
      report.text(order.guarantee()).forEach(tables::print);
      order.conduct().file().ifPresent(file -> tables.print("Verdicts in " + file));
    }
    Certifier.warn(
        console,
        counts.count(Outcome.Kind.CONFLICT),
        new Summary.Unprocessed(counts.unprocessed(), Optional.empty()),
        "case");
    return interrupted.orElse(code(counts));
  }

  private static ExitCode code(CaseCounts counts) {
    if (counts.count(Outcome.Kind.CONFLICT) > 0) {
      return ExitCode.FAILED;
    }
    return counts.unprocessed() > 0 ? ExitCode.UNDECIDED : ExitCode.DONE;
  }

  /** Each line names its own model and data. */
  private static VerdictOrigin origin(Order order) {
    boolean attacks = order.rungs().contains(Rung.PGD);
    return new VerdictOrigin(
        "cases",
        "cases",
        ModelUse.PLAIN,
        order.guarantee(),
        order.rungs(),
        Optional.of(AttackStrength.QUICK.attack().toString()).filter(words -> attacks));
  }

  /** A request to stop, which reaches the work in progress. Thread-safe. */
  private static final class Stop {
    private final Progress progress;
    private final List<Started> started = new ArrayList<>();
    private boolean asked;

    Stop(Progress progress) {
      this.progress = progress;
    }

    void say(String line) {
      progress.say(line);
    }

    synchronized boolean asked() {
      return asked;
    }

    synchronized Started running(Started work) {
      started.add(work);
      if (asked) {
        work.cancel();
      }
      return work;
    }

    synchronized void now() {
      asked = true;
      progress.say("Stopping after the verdicts in progress; a second Ctrl-C ends at once");
      started.forEach(Started::cancel);
    }
  }
}

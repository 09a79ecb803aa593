package dev.merlon.actors.cli.work;

import akka.Done;
import akka.stream.ActorAttributes;
import akka.stream.javadsl.Keep;
import akka.stream.javadsl.RunnableGraph;
import akka.stream.javadsl.Sink;
import akka.stream.javadsl.Source;
import dev.merlon.actors.Causes;
import dev.merlon.actors.cli.terminal.Console;
import dev.merlon.actors.cli.terminal.Json;
import dev.merlon.actors.cli.terminal.Progress;
import dev.merlon.actors.cli.terminal.Sentence;
import dev.merlon.actors.job.ActorHost;
import dev.merlon.actors.job.Conduct;
import dev.merlon.actors.job.Waiting;
import dev.merlon.actors.verification.CaseCounts;
import dev.merlon.actors.verification.CaseLedger;
import dev.merlon.actors.verification.CaseRequest;
import dev.merlon.actors.verification.Certification;
import dev.merlon.actors.verification.OpenedStore;
import dev.merlon.actors.verification.RunningWork;
import dev.merlon.actors.verification.VerificationSettings;
import dev.merlon.config.attack.AttackStrength;
import dev.merlon.config.failure.MerlonException;
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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

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
   * @param form in which form what comes out is wanted
   */
  public record Order(
      Path cases,
      List<Rung> rungs,
      Guarantee guarantee,
      Optional<Threshold> threshold,
      Optional<Duration> timeout,
      Conduct conduct,
      OutputForm form) {}

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
    try (OpenedStore store = context.open(order.conduct().store());
        ActorHost host = ActorHost.start();
        Progress progress =
            Progress.on(context.console(), "Certifying", "cases", 0, cases.cases().size());
        CaseLedger ledger =
            CaseLedger.open(
                cases,
                order.conduct().out(),
                order.conduct().retry(),
                origin(order),
                counts -> progress.at(counts.answered(), CasesReport.note(counts)),
                note -> context.console().say("Note: " + Sentence.of(note)))) {
      Stop stop = new Stop(progress);
      VerificationSettings settings = settings(order, host);
      try (var registration = context.interrupts().during(code -> stop.now());
          Certification certification = new Certification(host.system(), settings)) {
        var work = new GroupWork(order, new Place(certification, store), ledger, stop, cases);
        Waiting.forResult(all(groups(order, cases), settings, work).run(host.system()));
      }
      return ledger.counts();
    }
  }

  // One model more than there are verifiers, so that none waits while the next is read.
  private static RunnableGraph<CompletionStage<Done>> all(
      List<CaseFile.Group> groups, VerificationSettings settings, GroupWork work) {
    return Source.from(groups)
        .takeWhile(group -> !work.stop().asked())
        .mapAsyncUnordered(settings.verifiers() + 1, work::run)
        .withAttributes(ActorAttributes.dispatcher(ActorAttributes.IODispatcher().dispatcher()))
        .toMat(Sink.ignore(), Keep.right());
  }

  private static List<CaseFile.Group> groups(Order order, CaseFile cases) {
    return cases.groups(order.threshold(), FALLBACK, order.timeout());
  }

  private static VerificationSettings settings(Order order, ActorHost host) {
    VerificationSettings configured = VerificationSettings.of(host.system());
    return order.conduct().verifiers().map(configured::withVerifiers).orElse(configured);
  }

  /** Where the work is done, and what is known there. */
  private record Place(Certification certification, OpenedStore store) {}

  /** The cases of one model, whatever the model is. */
  private record GroupWork(Order order, Place place, CaseLedger ledger, Stop stop, CaseFile cases) {

    /** Done when all of them have a verdict, or the user wants no more. */
    CompletionStage<Done> run(CaseFile.Group group) {
      ImportedModel model;
      try {
        model = read(group);
      } catch (MerlonException refused) {
        return CompletableFuture.completedFuture(refuse(group, UNREAD, refused));
      }
      CaseRequest request = request(group, model);
      Facts facts = place.store().facts(model, request.effort(), order.conduct().retry());
      return stop.running(place.certification().start(request, facts, ledger))
          .report()
          .thenApply(counts -> Done.getInstance())
          .exceptionally(
              failed -> {
                if (Causes.of(failed) instanceof MerlonException refused) {
                  return refuse(group, model.sha256(), refused);
                }
                throw new CompletionException(failed);
              });
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

    private CaseRequest request(CaseFile.Group group, ImportedModel model) {
      Effort effort =
          Effort.of(
              order.rungs(),
              AttackStrength.QUICK.attack(),
              order.conduct().seed(),
              group.timeout());
      return new CaseRequest(model, group, effort);
    }

    /** Answers the cases of a model that cannot be worked on; other failures end the command. */
    private Done refuse(CaseFile.Group group, String sha256, MerlonException refused) {
      if (!ABOUT_THE_MODEL.contains(refused.failure().code())) {
        throw refused;
      }
      String reason = "model refused: " + refused.failure().message();
      stop.say(shown(group) + " is refused: " + Sentence.of(refused.failure().message()));
      ledger.refuse(new CaseRequest.Refused(group, sha256, reason));
      return Done.getInstance();
    }

    private String shown(CaseFile.Group group) {
      return cases.shown(group.model());
    }
  }

  private ExitCode conclude(Order order, CasesReport report) {
    Console console = context.console();
    Optional<ExitCode> interrupted = context.interrupts().raised();
    CaseCounts counts = report.counts();
    if (interrupted.isPresent() && counts.answered() < counts.asked()) {
      console.say(report.stopped(order.form().file()));
      return interrupted.get();
    }
    Console tables = order.form().tables(console);
    if (order.form().json()) {
      console.print(Json.line(report.json()));
    } else {
      report.text(order.guarantee()).forEach(tables::print);
      order.form().file().ifPresent(file -> tables.print("Verdicts in " + file));
    }
    VerdictWarning.say(
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
    private final List<RunningWork<?>> started = new ArrayList<>();
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

    synchronized <T> RunningWork<T> running(RunningWork<T> work) {
      started.add(work);
      if (asked) {
        work.cancel();
      }
      return work;
    }

    synchronized void now() {
      asked = true;
      progress.say("Stopping; a second Ctrl-C ends at once");
      started.forEach(RunningWork::cancel);
    }
  }
}

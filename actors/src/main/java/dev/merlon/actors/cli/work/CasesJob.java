package dev.merlon.actors.cli.work;

import dev.merlon.actors.cli.terminal.Console;
import dev.merlon.actors.cli.terminal.Json;
import dev.merlon.actors.cli.terminal.Progress;
import dev.merlon.actors.cli.terminal.Sentence;
import dev.merlon.actors.verification.CaseCounts;
import dev.merlon.actors.verification.CaseLedger;
import dev.merlon.actors.verification.CaseRequest;
import dev.merlon.actors.verification.Certification;
import dev.merlon.actors.verification.RunningWork;
import dev.merlon.actors.verification.VerificationSettings;
import dev.merlon.config.AttackStrength;
import dev.merlon.config.MerlonException;
import dev.merlon.model.onnx.ImportedModel;
import dev.merlon.model.onnx.OnnxImport;
import dev.merlon.model.verify.Guarantee;
import dev.merlon.model.verify.Outcome;
import dev.merlon.model.verify.Rung;
import dev.merlon.model.verify.VerdictOrigin;
import dev.merlon.model.verify.VerifierSettings;
import dev.merlon.model.verify.cases.CaseFile;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Certifies the cases of a file as a user sees it: progress, a table per model, exit code. */
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
   * @param timeout for every case, instead of its own
   * @param json whether the result is printed as JSON
   */
  public record Order(
      Path cases,
      List<Rung> rungs,
      Guarantee guarantee,
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
    CaseFile cases = CaseFile.read(order.cases());
    context.log().openHome(context.console());
    CaseCounts counts = certify(order, cases);
    Duration elapsed = Duration.ofNanos(System.nanoTime() - start);
    return conclude(order, new CasesReport(cases, counts, elapsed));
  }

  private CaseCounts certify(Order order, CaseFile cases) {
    try (ActorHost host = ActorHost.start();
        Progress progress =
            Progress.on(context.console(), "Certifying", "cases", 0, cases.cases().size());
        CaseLedger ledger =
            CaseLedger.open(
                cases,
                order.conduct().results(),
                origin(order),
                counts -> progress.at(counts.answered(), CasesReport.note(counts)))) {
      Stop stop = new Stop(progress);
      try (var registration = context.interrupts().during(code -> stop.now())) {
        for (CaseFile.Group group : cases.groups(FALLBACK, order.timeout())) {
          if (!stop.asked()) {
            new GroupWork(order, host, ledger, stop, cases).certify(group);
          }
        }
      }
      return ledger.counts();
    }
  }

  /** The cases of one model, whatever the model is. */
  private record GroupWork(
      Order order, ActorHost host, CaseLedger ledger, Stop stop, CaseFile cases) {

    void certify(CaseFile.Group group) {
      String sha256 = UNREAD;
      try {
        ImportedModel model = OnnxImport.read(group.model());
        sha256 = model.sha256();
        model
            .warnings()
            .forEach(warning -> stop.say("Note: " + shown(group) + ": " + Sentence.of(warning)));
        // A model that takes other inputs is asked as it is, and its cases say why nothing came
        // out.
        ImportedModel fitted = model.ofImages(group.image(), Optional.empty()).orElse(model);
        Waiting.forResult(stop.running(start(group, fitted)).report());
      } catch (MerlonException refused) {
        if (!ABOUT_THE_MODEL.contains(refused.failure().code())) {
          throw refused;
        }
        String reason = "model refused: " + refused.failure().message();
        stop.say(shown(group) + " is refused: " + Sentence.of(refused.failure().message()));
        ledger.refuse(new CaseRequest.Refused(group, sha256, order.guarantee(), reason));
      }
    }

    private RunningWork<CaseCounts> start(CaseFile.Group group, ImportedModel model) {
      VerificationSettings configured = VerificationSettings.of(host.system());
      VerificationSettings settings =
          order.conduct().verifiers().map(configured::withVerifiers).orElse(configured);
      var effort =
          new VerifierSettings(
              order.rungs(),
              order.guarantee(),
              AttackStrength.QUICK.settings(),
              order.conduct().seed(),
              group.timeout(),
              host.verifierLimits(),
              false);
      return new Certification(host.system(), settings)
          .start(new CaseRequest(model, group, effort), ledger);
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
      console.say(report.stopped(order.conduct().out()));
      return interrupted.get();
    }
    if (order.json()) {
      console.print(Json.line(report.json()));
    } else {
      report.text(order.guarantee()).forEach(console::print);
      order.conduct().out().ifPresent(file -> console.print("Verdicts in " + file));
    }
    Certifier.warn(console, counts.count(Outcome.Kind.CONFLICT), counts.unprocessed(), "case");
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
        Optional.empty(),
        order.guarantee(),
        order.rungs(),
        Optional.of(AttackStrength.QUICK.settings().toString()).filter(words -> attacks));
  }

  /** A request to stop, which reaches the work in progress. Thread-safe. */
  private static final class Stop {
    private final Progress progress;
    private Optional<RunningWork<CaseCounts>> current = Optional.empty();
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

    synchronized RunningWork<CaseCounts> running(RunningWork<CaseCounts> started) {
      current = Optional.of(started);
      if (asked) {
        started.cancel();
      }
      return started;
    }

    synchronized void now() {
      asked = true;
      progress.say("Stopping after the verdicts in progress; a second Ctrl-C ends at once");
      current.ifPresent(RunningWork::cancel);
    }
  }
}

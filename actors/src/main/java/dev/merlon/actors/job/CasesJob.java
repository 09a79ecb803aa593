package dev.merlon.actors.job;

import akka.Done;
import akka.stream.ActorAttributes;
import akka.stream.javadsl.Keep;
import akka.stream.javadsl.RunnableGraph;
import akka.stream.javadsl.Sink;
import akka.stream.javadsl.Source;
import dev.merlon.actors.Causes;
import dev.merlon.actors.RunningWork;
import dev.merlon.actors.event.CasesProgress;
import dev.merlon.actors.event.JobEvent;
import dev.merlon.actors.event.JobPhase;
import dev.merlon.actors.verification.CaseCounts;
import dev.merlon.actors.verification.CaseRequest;
import dev.merlon.actors.verification.CaseTally;
import dev.merlon.actors.verification.Certification;
import dev.merlon.actors.verification.OpenedStore;
import dev.merlon.actors.verification.VerdictLog;
import dev.merlon.config.attack.AttackStrength;
import dev.merlon.config.failure.MerlonException;
import dev.merlon.model.onnx.ImportedModel;
import dev.merlon.model.onnx.OnnxImport;
import dev.merlon.model.store.Facts;
import dev.merlon.model.verify.cases.CaseFile;
import dev.merlon.model.verify.ladder.Effort;
import dev.merlon.model.verify.verdict.Rung;
import dev.merlon.model.verify.verdict.VerdictOrigin;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/** Certifies the cases of a file: several models at once, one place for all their verdicts. */
final class CasesJob {
  private static final Duration FALLBACK = Duration.ofSeconds(30);
  private static final String UNREAD = "refused";
  private static final Set<String> ABOUT_THE_MODEL = Set.of("model-format", "configuration");

  private final JobContext context;

  CasesJob(JobContext context) {
    this.context = context;
  }

  /**
   * Certifies.
   *
   * @throws MerlonException (data) when the file is no file of cases
   */
  JobOutcome.CasesCertified run(JobSpec.CertifyCases spec) {
    long start = System.nanoTime();
    CaseFile cases = CaseFile.read(spec.cases(), spec.guarantee());
    context.tell(new JobEvent.QuestionsPrepared(cases.cases().size()));
    CaseCounts counts = certify(spec, cases);
    return new JobOutcome.CasesCertified(spec, counts, Duration.ofNanos(System.nanoTime() - start));
  }

  private CaseCounts certify(JobSpec.CertifyCases spec, CaseFile cases) {
    CaseTally tally = new CaseTally(cases, counts -> context.tell(progress(counts)));
    try (OpenedStore store = context.open(spec.conduct().store());
        ActorHost host = ActorHost.start();
        VerdictLog log = VerdictLog.open(spec.conduct().out(), origin(spec), context::note)) {
      Place place = new Place(store, log, tally);
      return context.during(JobPhase.CERTIFICATION, () -> certify(spec, cases, host, place));
    }
  }

  private CaseCounts certify(
      JobSpec.CertifyCases spec, CaseFile cases, ActorHost host, Place place) {
    context.tell(progress(place.tally().counts()));
    Stop stop = new Stop(context);
    try (var registration = context.stop().during(stop::now);
        Verifiers.Opened verifiers = spec.conduct().verifiers().open(host)) {
      var work = new GroupWork(spec, verifiers.certification(), place, stop, cases, context);
      Waiting.forResult(all(groups(spec, cases), verifiers.count(), work).run(host.system()));
    }
    return place.tally().counts();
  }

  private static CasesProgress progress(CaseCounts counts) {
    return new CasesProgress(counts.answered(), counts.asked(), counts.kinds());
  }

  // One model more than there are verifiers, so that none waits while the next is read.
  private static RunnableGraph<CompletionStage<Done>> all(
      List<CaseFile.Group> groups, int verifiers, GroupWork work) {
    return Source.from(groups)
        .takeWhile(group -> !work.stop().asked())
        .mapAsyncUnordered(verifiers + 1, work::run)
        .withAttributes(ActorAttributes.dispatcher(ActorAttributes.IODispatcher().dispatcher()))
        .toMat(Sink.ignore(), Keep.right());
  }

  private static List<CaseFile.Group> groups(JobSpec.CertifyCases spec, CaseFile cases) {
    return cases.groups(spec.threshold(), FALLBACK, spec.timeout());
  }

  /** What is known, and where verdicts go. */
  private record Place(OpenedStore store, VerdictLog log, CaseTally tally) {}

  /** The cases of one model, whatever the model is. */
  private record GroupWork(
      JobSpec.CertifyCases spec,
      Certification certification,
      Place place,
      Stop stop,
      CaseFile cases,
      JobContext context) {

    /** Done when all of them have a verdict, or the job is to stop. */
    CompletionStage<Done> run(CaseFile.Group group) {
      ImportedModel model;
      try {
        model = read(group);
      } catch (MerlonException refused) {
        return CompletableFuture.completedFuture(refuse(group, UNREAD, refused));
      }
      CaseRequest request = request(group, model);
      Facts facts = place.store().facts(model, request.effort(), spec.conduct().retry());
      return stop.running(certification.start(request, facts, place.log(), place.tally()))
          .result()
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
      model.warnings().forEach(warning -> context.note(shown(group) + ": " + warning));
      ImportedModel classifier = model.classifying(group.threshold());
      return classifier.ofImages(group.image(), Optional.empty()).orElse(classifier);
    }

    private CaseRequest request(CaseFile.Group group, ImportedModel model) {
      Effort effort =
          Effort.of(
              spec.rungs(), AttackStrength.QUICK.attack(), spec.conduct().seed(), group.timeout());
      return new CaseRequest(model, cases(group), effort);
    }

    /** Answers the cases of a model that cannot be worked on; other failures end the command. */
    private Done refuse(CaseFile.Group group, String sha256, MerlonException refused) {
      if (!ABOUT_THE_MODEL.contains(refused.failure().code())) {
        throw refused;
      }
      String reason = "model refused: " + refused.failure().message();
      context.note(shown(group) + " is refused: " + refused.failure().message());
      cases(group).refuse(sha256, reason, place.log(), place.tally());
      return Done.getInstance();
    }

    private CaseRequest.Cases cases(CaseFile.Group group) {
      return new CaseRequest.Cases(cases, group, spec.conduct().retry());
    }

    private String shown(CaseFile.Group group) {
      return cases.shown(group.model());
    }
  }

  /** Each line names its own model and data. */
  private static VerdictOrigin origin(JobSpec.CertifyCases spec) {
    boolean attacks = spec.rungs().contains(Rung.PGD);
    return VerdictOrigin.ofCases(
        spec.guarantee(),
        spec.rungs(),
        Optional.of(AttackStrength.QUICK.attack().toString()).filter(words -> attacks));
  }

  /** A request to stop, which reaches the work in progress. Thread-safe. */
  private static final class Stop {
    private final JobContext context;
    private final List<RunningWork<?>> started = new ArrayList<>();
    private boolean asked;

    Stop(JobContext context) {
      this.context = context;
    }

    synchronized boolean asked() {
      return asked;
    }

    synchronized <T> RunningWork<T> running(RunningWork<T> work) {
      started.add(work);
      if (asked) {
        work.stop();
      }
      return work;
    }

    void now() {
      context.tell(new JobEvent.Stopping(JobPhase.CERTIFICATION));
      cancel();
    }

    private synchronized void cancel() {
      asked = true;
      started.forEach(RunningWork::stop);
    }
  }
}

package dev.merlon.actors.job;

import dev.merlon.actors.event.JobEvent;
import dev.merlon.actors.event.JobPhase;
import dev.merlon.actors.event.TrainingProgress;
import dev.merlon.actors.report.RunSession;
import dev.merlon.actors.report.SessionFile;
import dev.merlon.actors.run.MadeDirectory;
import dev.merlon.actors.training.StartFile;
import dev.merlon.actors.training.TrainingOutcome;
import dev.merlon.actors.training.TrainingRequest;
import dev.merlon.actors.training.TrainingService;
import dev.merlon.actors.verification.OpenedStore;
import dev.merlon.config.RunSettings;
import dev.merlon.config.data.DataKind;
import dev.merlon.config.failure.MerlonException;
import dev.merlon.model.data.Dataset;
import dev.merlon.model.tensor.MachineMemory;
import dev.merlon.model.training.MemoryEstimate;
import java.time.Duration;
import java.util.Optional;

/** Trains a run, certifies its result and writes its page. */
final class TrainingJob {
  private static final Duration SHORTEST_MEASURING = Duration.ofMinutes(1);

  private final JobContext context;
  private final long start = System.nanoTime();

  TrainingJob(JobContext context) {
    this.context = context;
  }

  /** What a run works with. */
  private record Parts(
      TrainingRequest request,
      Dataset test,
      MadeDirectory made,
      SessionFile session,
      OpenedStore store) {
    RunSettings settings() {
      return request.settings();
    }
  }

  /**
   * Does it, to its end.
   *
   * @throws MerlonException when it cannot be done
   */
  JobOutcome.Trained run(JobSpec.TrainRun spec) {
    SessionFile session =
        new SessionFile(
            spec.directory(),
            spec.invocation().command(),
            spec.invocation().version(),
            context::note);
    TrainingRequest request = request(spec);
    MemoryEstimate estimate = estimate(request);
    MemoryCheck.require(estimate, MachineMemory.available());
    Dataset test = request.images().test();
    // A store that cannot be used is said now and not after hours of training.
    try (OpenedStore store = context.open(spec.store())) {
      MadeDirectory made = MadeDirectory.of(spec.directory());
      context.tell(
          new JobEvent.TrainingPrepared(
              spec.directory(),
              request.settings(),
              estimate,
              request.start().map(TrainingJob::startModel)));
      return trainedOrFailed(new Parts(request, test, made, session, store));
    }
  }

  private JobOutcome.Trained trainedOrFailed(Parts parts) {
    // Between its parts nothing has to be stopped, but what came out so far has to be said.
    try (var registration = context.stop().during(() -> {})) {
      return trained(parts);
    } finally {
      parts.session().end(RunSession.Outcome.FAILED);
    }
  }

  private JobOutcome.Trained trained(Parts parts) {
    Optional<JobOutcome.Evaluated> evaluated = Optional.empty();
    TrainingOutcome outcome;
    try (ActorHost host = ActorHost.start()) {
      outcome = train(host, parts);
      if (outcome instanceof TrainingOutcome.Completed completed && !context.stop().requested()) {
        evaluated =
            Optional.of(
                new Evaluation(context, host, parts.store(), parts.session())
                    .run(parts.settings(), parts.test(), completed));
      }
    }
    if (outcome instanceof TrainingOutcome.Parked parked) {
      throw ended(parked, parts.made());
    }
    parts.session().end(RunSession.Outcome.STOPPED);
    Optional<JobOutcome.Page> page = evaluated.flatMap(result -> report(parts, result));
    return new JobOutcome.Trained(outcome, evaluated, page, elapsed());
  }

  // What the user has to correct is said in a line: a directory with a log of it alone is of no
  // use.
  private MerlonException ended(TrainingOutcome.Parked parked, MadeDirectory made) {
    if (parked.failure().isOfInput()) {
      context.tell(new JobEvent.DirectoryGivenUp(made.run()));
      made.undo();
    }
    return new MerlonException(parked.failure());
  }

  // Measuring for the report takes a tenth of the time that the run took, or a minute.
  private Optional<JobOutcome.Page> report(Parts parts, JobOutcome.Evaluated result) {
    Duration tenth = elapsed().dividedBy(10);
    Duration patience = tenth.compareTo(SHORTEST_MEASURING) > 0 ? tenth : SHORTEST_MEASURING;
    return result.report().summary().complete() && !context.stop().requested()
        ? Optional.of(
            new ReportJob(context)
                .afterTraining(parts.settings(), parts.test(), parts.made().run(), patience))
        : Optional.empty();
  }

  private TrainingRequest request(JobSpec.TrainRun spec) {
    RunSettings settings = spec.settings();
    DataKind kind = settings.data().kind();
    if (kind.files() && spec.data().isEmpty()) {
      throw MerlonException.configuration(
          settings.name() + " trains on " + kind.word() + ", whose files are not named",
          "Add --data DIR with the directory of its files"
              + (kind == DataKind.FOLDER
                  ? "."
                  : "; `merlon data fetch " + kind.word() + " --to DIR` gets them."));
    }
    Evaluation.requireThreats(settings);
    return TrainingRequest.of(
            settings,
            spec.data(),
            DecodedImages.cache(line -> context.tell(new JobEvent.Said(line))),
            spec.directory().path(),
            spec.resume())
        .startingFrom(spec.from());
  }

  private static MemoryEstimate estimate(TrainingRequest request) {
    RunSettings settings = request.settings();
    RadiusCheck.require(Evaluation.sets(settings), request.images().shape());
    return MemoryEstimate.of(settings, request.startPoint().network());
  }

  private static JobEvent.StartedFrom startModel(StartFile start) {
    return new JobEvent.StartedFrom(start.name(), start.sha256(), start.model().warnings());
  }

  private TrainingOutcome train(ActorHost host, Parts parts) {
    return context.during(
        JobPhase.TRAINING,
        () ->
            context.untilStopped(
                JobPhase.TRAINING,
                TrainingService.start(
                    host.system(), parts.request(), event -> progress(event, parts.session()))));
  }

  private void progress(TrainingProgress event, SessionFile session) {
    if (event instanceof TrainingProgress.Started) {
      session.begin();
    }
    context.tell(event);
  }

  private Duration elapsed() {
    return Duration.ofNanos(System.nanoTime() - start);
  }
}

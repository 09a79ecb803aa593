package dev.merlon.actors.training;

import akka.Done;
import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import akka.stream.Materializer;
import dev.merlon.actors.Causes;
import dev.merlon.actors.Stage;
import dev.merlon.actors.device.DeviceWorker;
import dev.merlon.actors.event.ComparedModel;
import dev.merlon.actors.training.EpochClosing.ClosedEpoch;
import dev.merlon.actors.training.UpdateComparator.Comparison;
import dev.merlon.model.checkpoint.RunCursor;
import dev.merlon.model.training.BestModel;
import dev.merlon.model.training.EvaluationCounts;
import dev.merlon.model.training.LearnerState;
import dev.merlon.streams.InStep;
import dev.merlon.streams.RunningStream;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * Takes a run up at one place and leads it to its end: loads the device, runs each epoch's steps as
 * a stream, then its {@link EpochClosing}, and so on. It owns the device worker and the stages, and
 * its streams live no longer than it does. It repairs nothing: at the first problem, the end of any
 * of its stages among them, it says so and stops, and whoever began it decides whether to begin
 * another.
 */
final class TrainingAttempt extends AbstractBehavior<TrainingAttempt.Command> {
  private final RunPlan plan;
  private final int number;
  private final ActorRef<Event> owner;
  private final StepStages stages;
  private final Materializer materializer;
  private int epoch;
  private int firstStep;
  private Optional<BestModel> best;
  private boolean stopping;
  private Optional<RunningStream> steps = Optional.empty();
  private Optional<EpochClosing> closing = Optional.empty();

  /** What an attempt can be told. */
  sealed interface Command {}

  /** Finishes the step at hand, says where it stands, and waits to be stopped by its owner. */
  record Stop() implements Command {}

  private record WorkerLoaded(LearnerState state) implements Command {}

  private record StepsEnded() implements Command {}

  private record EpochEnded(Optional<ClosedEpoch> closed) implements Command {}

  private record LastStateTaken(LearnerState state) implements Command {}

  private record Broken(Throwable problem) implements Command {}

  /** What an attempt tells its owner, in the order it happens. */
  sealed interface Event extends TrainingRun.Command {
    /** The attempt's number. */
    int attempt();
  }

  /** The device holds the run's tensors, in this state. */
  record Loaded(int attempt, LearnerState state) implements Event {}

  /** A step is committed. */
  record StepDone(InStep<StepCompleted> step) implements Event {
    @Override
    public int attempt() {
      return step.context().attempt();
    }
  }

  /**
   * So many batches of a pass at an epoch's end are measured.
   *
   * @param epoch counted from 0
   */
  record PassAdvanced(int attempt, int epoch, int batches) implements Event {}

  /**
   * An epoch is closed; its statistics are in the state.
   *
   * @param compared what its model reached, where models are compared
   * @param comparison of its natural and its certified update, where they were merged
   */
  record EpochClosed(
      int attempt,
      LearnerState state,
      Optional<ComparedModel> compared,
      Optional<Comparison> comparison)
      implements Event {}

  /** Every epoch is closed, or the patience for a better model is over. */
  record AllDone(int attempt) implements Event {}

  /**
   * It was asked to stop and did.
   *
   * @param state after the last committed step, unless known
   */
  record Stopped(int attempt, Optional<LearnerState> state) implements Event {}

  /** It cannot go on, and has stopped. */
  record Failed(int attempt, Throwable problem) implements Event {}

  /**
   * Where an attempt begins.
   *
   * @param number of the attempt in this process, from 1
   * @param state of the learner at {@code cursor}; empty at the start of a run
   * @param best the best model compared before
   * @param snapshotSteps steps between two snapshots in memory
   */
  record Beginning(
      int number,
      RunCursor cursor,
      Optional<LearnerState> state,
      Optional<BestModel> best,
      int snapshotSteps) {}

  private TrainingAttempt(
      ActorContext<Command> context,
      RunPlan plan,
      RunParts parts,
      Beginning beginning,
      ActorRef<Event> owner) {
    super(context);
    this.plan = plan;
    this.number = beginning.number();
    this.owner = owner;
    this.stages = new StepStages(context, plan, parts, beginning);
    this.materializer = Materializer.createMaterializer(context);
    this.epoch = beginning.cursor().epoch();
    this.firstStep = beginning.cursor().step();
    this.best = beginning.best();
  }

  /**
   * An attempt that begins at once.
   *
   * @param parts spawn its stages
   * @param owner receives every event
   */
  static Behavior<Command> create(
      RunPlan plan, Beginning beginning, RunParts parts, ActorRef<Event> owner) {
    return Behaviors.setup(
        context -> {
          TrainingAttempt attempt = new TrainingAttempt(context, plan, parts, beginning, owner);
          attempt.watch();
          attempt.load(beginning.state());
          return attempt;
        });
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder()
        .onMessage(WorkerLoaded.class, this::begin)
        .onMessage(StepsEnded.class, ended -> stopping ? takeLastState() : closeEpoch())
        .onMessage(EpochEnded.class, this::epochEnded)
        .onMessage(LastStateTaken.class, taken -> stopped(Optional.of(taken.state())))
        .onMessage(Stop.class, stop -> stop())
        .onMessage(Broken.class, broken -> fail(broken.problem()))
        .build();
  }

  private void watch() {
    for (Stage<?> stage : stages.all()) {
      getContext().pipeToSelf(stage.death(), (none, reason) -> new Broken(Causes.of(reason)));
    }
  }

  private void load(Optional<LearnerState> state) {
    CompletionStage<LearnerState> loaded =
        stages
            .<Done>work(to -> new DeviceWorker.Load(state, to))
            .thenCompose(
                done ->
                    state
                        .<CompletionStage<LearnerState>>map(CompletableFuture::completedFuture)
                        .orElseGet(() -> stages.work(DeviceWorker.TakeSnapshot::new)))
            .thenCompose(found -> stages.loadBranch(found).thenApply(done -> found));
    then(loaded, WorkerLoaded::new);
  }

  private Behavior<Command> begin(WorkerLoaded loaded) {
    owner.tell(new Loaded(number, loaded.state()));
    return stopping ? stopped(Optional.empty()) : runSteps();
  }

  private Behavior<Command> runSteps() {
    if (epoch == plan.settings().epochs() || plan.selection().isExhausted(best, epoch)) {
      owner.tell(new AllDone(number));
      return this;
    }
    RunningStream running =
        stages.steps(epoch, firstStep, step -> owner.tell(new StepDone(step))).run(materializer);
    steps = Optional.of(running);
    return then(running.completion(), done -> new StepsEnded());
  }

  private Behavior<Command> closeEpoch() {
    closing =
        Optional.of(
            new EpochClosing(
                plan,
                stages,
                epoch,
                graph -> graph.run(materializer),
                step -> owner.tell(new PassAdvanced(number, step.epoch(), step.step() + 1))));
    return then(closing.get().run(), EpochEnded::new);
  }

  private Behavior<Command> epochEnded(EpochEnded ended) {
    closing = Optional.empty();
    if (ended.closed().isEmpty()) {
      return stopped(Optional.empty());
    }
    epoch++;
    ClosedEpoch closed = ended.closed().get();
    Optional<ComparedModel> compared = closed.counts().map(this::compare);
    owner.tell(new EpochClosed(number, closed.state(), compared, closed.comparison()));
    firstStep = 0;
    return stopping ? stopped(Optional.empty()) : runSteps();
  }

  private ComparedModel compare(EvaluationCounts counts) {
    BestModel winner = plan.selection().after(best, epoch, counts);
    best = Optional.of(winner);
    return new ComparedModel(plan.settings().selection(), epoch, counts, winner);
  }

  private Behavior<Command> stop() {
    stopping = true;
    steps.ifPresent(running -> running.stop().shutdown());
    closing.ifPresent(EpochClosing::stop);
    return this;
  }

  private Behavior<Command> takeLastState() {
    return then(stages.state(), LastStateTaken::new);
  }

  private Behavior<Command> stopped(Optional<LearnerState> state) {
    owner.tell(new Stopped(number, state));
    return this;
  }

  private Behavior<Command> fail(Throwable problem) {
    owner.tell(new Failed(number, problem));
    return Behaviors.stopped();
  }

  private <T> Behavior<Command> then(CompletionStage<T> work, Function<T, Command> next) {
    getContext()
        .pipeToSelf(
            work,
            (result, problem) ->
                problem == null ? next.apply(result) : new Broken(Causes.of(problem)));
    return this;
  }
}

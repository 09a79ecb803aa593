package dev.merlon.actors.training;

import akka.Done;
import akka.NotUsed;
import akka.actor.typed.ActorRef;
import akka.actor.typed.DispatcherSelector;
import akka.actor.typed.Props;
import akka.actor.typed.javadsl.ActorContext;
import akka.japi.function.Function;
import akka.pattern.StatusReply;
import akka.stream.javadsl.Flow;
import akka.stream.javadsl.RunnableGraph;
import akka.stream.javadsl.Source;
import dev.merlon.actors.Stage;
import dev.merlon.actors.device.DeviceWorker;
import dev.merlon.actors.training.AttackSearcher.Attacked;
import dev.merlon.actors.training.UpdateComparator.Comparison;
import dev.merlon.config.network.ImageForm;
import dev.merlon.model.data.Batch;
import dev.merlon.model.data.Dataset;
import dev.merlon.model.data.SampleOrder.Cursor;
import dev.merlon.model.training.EvaluationCounts;
import dev.merlon.model.training.EvaluationPlan;
import dev.merlon.model.training.LearnerState;
import dev.merlon.model.training.Weights;
import dev.merlon.streams.Batches;
import dev.merlon.streams.EpochSteps;
import dev.merlon.streams.InStep;
import dev.merlon.streams.RunningStream;
import dev.merlon.streams.StepContext;
import dev.merlon.streams.Training;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * The stages of a training step as actors of one attempt, and the streams that run through them.
 * Its methods may be called from any thread.
 */
final class StepStages implements BranchStages.Certified {
  /**
   * How many answers of the device a stage may have to wait for: those of its own step, with a
   * repeated search, and those of the step before.
   */
  private static final int ANSWERS = 8;

  private static final int EVALUATION_BATCH = 64;

  private final RunPlan plan;
  private final int attempt;
  private final Stage<DeviceWorker.Command> worker;
  private final Stage<DataLoader.Command> loader;
  private final Stage<AttackSearcher.Command> searcher;
  private final Stage<BoundPropagator.Command> propagator;
  private final Optional<BranchStages> branch;

  /**
   * Spawns the stages, and the worker that does the work of all of them, as children of an attempt.
   */
  StepStages(
      ActorContext<?> context, RunPlan plan, RunParts parts, TrainingAttempt.Beginning beginning) {
    this.plan = plan;
    this.attempt = beginning.number();
    this.worker =
        parts.spawn(
            context,
            Roles.WORKER,
            DeviceWorker.create("cpu", plan::openLearner),
            DeviceWorker.PROPS);
    this.loader =
        parts.spawn(
            context,
            Roles.LOADER,
            DataLoader.create(plan.images(), plan.order()),
            DispatcherSelector.fromConfig("merlon.dispatchers.io"));
    long committed = beginning.cursor().globalStep();
    this.searcher =
        parts.spawn(
            context,
            Roles.SEARCHER,
            AttackSearcher.create(worker, plan.schedules(), committed, timeout()),
            Props.empty());
    SnapshotCadence cadence =
        new SnapshotCadence(
            beginning.snapshotSteps(),
            plan.settings().checkpoint(),
            plan.stepsPerEpoch(),
            System::nanoTime);
    this.propagator =
        parts.spawn(
            context,
            Roles.PROPAGATOR,
            BoundPropagator.create(worker, searcher, plan.schedules(), cadence, timeout()),
            Props.empty());
    this.branch =
        plan.settings()
            .projection()
            .map(
                projection ->
                    new BranchStages(
                        context, plan, parts, beginning, timeout().multipliedBy(ANSWERS)));
  }

  /** Everybody whose end is the attempt's. */
  List<Stage<?>> all() {
    List<Stage<?>> all = new ArrayList<>(List.of(worker, loader, searcher, propagator));
    branch.ifPresent(stages -> all.addAll(stages.all()));
    return all;
  }

  /**
   * The steps of an epoch.
   *
   * @param committed called after each, in order
   */
  RunnableGraph<RunningStream> steps(
      int epoch, int firstStep, Consumer<InStep<StepCompleted>> committed) {
    Source<InStep<Batch>, NotUsed> batches = batches(epoch, firstStep, ImageForm.AUGMENTED);
    Optional<BranchStages> beside = branch(epoch);
    if (beside.isEmpty()) {
      return Training.steps(
          batches, Training.stage(this::search), Training.stage(this::propagate), committed);
    }
    BranchStages natural = beside.get();
    Source<InStep<Batch>, NotUsed> begun =
        firstStep > 0
            ? batches
            : Source.lazyCompletionStageSource(
                    () ->
                        this.<LearnerState>work(DeviceWorker.TakeSnapshot::new)
                            .thenCompose(
                                state ->
                                    natural.beginEpoch(state, (long) epoch * plan.stepsPerEpoch()))
                            .thenApply(done -> batches))
                .mapMaterializedValue(later -> NotUsed.getInstance());
    return Training.steps(begun, natural.steps(this), committed);
  }

  /** Loads the natural branch of a state, where the run has one. */
  CompletionStage<Done> loadBranch(LearnerState state) {
    return branch
        .map(stages -> stages.load(state))
        .orElseGet(() -> CompletableFuture.completedFuture(Done.done()));
  }

  /** Everything the next step depends on. */
  CompletionStage<LearnerState> state() {
    CompletionStage<LearnerState> certified = work(DeviceWorker.TakeSnapshot::new);
    return branch.map(stages -> certified.thenCompose(stages::complete)).orElse(certified);
  }

  /**
   * Merges the natural branch of an epoch into the certified weights; nothing comes out where the
   * epoch has none.
   */
  CompletionStage<Optional<Comparison>> merge(int epoch) {
    return branch(epoch)
        .map(
            stages ->
                this.<LearnerState>work(DeviceWorker.TakeSnapshot::new)
                    .thenCompose(
                        state ->
                            stages.compare(state).thenCompose(found -> takeOver(state, found))))
        .orElseGet(() -> CompletableFuture.completedFuture(Optional.empty()));
  }

  private CompletionStage<Optional<Comparison>> takeOver(LearnerState state, Comparison found) {
    LearnerState merged = state.with(found.merged());
    return this.<Done>work(to -> new DeviceWorker.Load(Optional.of(merged), to))
        .thenApply(done -> Optional.of(found));
  }

  private Optional<BranchStages> branch(int epoch) {
    return branch.filter(stages -> plan.projects(epoch));
  }

  /**
   * The pass over an epoch's batches for the statistics.
   *
   * @param measured called after each
   */
  RunnableGraph<RunningStream> pass(int epoch, Consumer<StepContext> measured) {
    return Training.pass(
        batches(epoch, 0, plan.settings().batchNorm().preciseImages()),
        batch -> this.<Done>work(to -> new DeviceWorker.AddStatistics(batch.value(), to)),
        measured);
  }

  /**
   * The evaluation of weights on images, in small batches, whose bounds take little memory.
   *
   * @param counted given the counts of each batch, in order
   */
  RunnableGraph<RunningStream> evaluation(
      int epoch, Dataset images, Weights weights, Consumer<EvaluationCounts> counted) {
    int count = (images.size() + EVALUATION_BATCH - 1) / EVALUATION_BATCH;
    EpochSteps steps = new EpochSteps(plan.settings().name(), attempt, epoch, count, 0);
    EvaluationPlan evaluation = EvaluationPlan.of(plan.settings());
    return Training.pass(
        Batches.of(steps, 1, step -> CompletableFuture.completedFuture(batch(images, step))),
        batch ->
            this.<EvaluationCounts>work(
                    to -> new DeviceWorker.Evaluate(batch.value(), weights, evaluation, to))
                .thenApply(
                    counts -> {
                      counted.accept(counts);
                      return Done.done();
                    }),
        step -> {});
  }

  private static Batch batch(Dataset images, StepContext step) {
    int from = step.step() * EVALUATION_BATCH;
    int to = Math.min(images.size(), from + EVALUATION_BATCH);
    return Batch.of(
        images,
        new Cursor(step.epoch(), step.step()),
        step.globalStep(),
        IntStream.range(from, to).toArray());
  }

  /** Asks the device for one thing. */
  <T> CompletionStage<T> work(Function<ActorRef<StatusReply<T>>, DeviceWorker.Command> question) {
    return worker.ask(question, timeout());
  }

  private Source<InStep<Batch>, NotUsed> batches(int epoch, int first, ImageForm images) {
    EpochSteps steps =
        new EpochSteps(plan.settings().name(), attempt, epoch, plan.stepsPerEpoch(), first);
    return Batches.of(steps, plan.settings().pipeline().prefetch(), step -> load(step, images));
  }

  private CompletionStage<Batch> load(StepContext step, ImageForm images) {
    return this.<DataLoader.Command, Batch>stage(
        loader, to -> new DataLoader.LoadBatch(step, images, to));
  }

  @Override
  public CompletionStage<Attacked> search(InStep<Batch> batch) {
    return this.<AttackSearcher.Command, Attacked>stage(
        searcher, to -> new AttackSearcher.SearchStep(batch, to));
  }

  @Override
  public CompletionStage<StepCompleted> propagate(InStep<Attacked> attacked) {
    return this.<BoundPropagator.Command, StepCompleted>stage(
        propagator, to -> new BoundPropagator.Propagate(attacked, to));
  }

  @Override
  public Flow<InStep<Batch>, InStep<StepCompleted>, NotUsed> flow() {
    return Training.stage(this::search).via(Training.stage(this::propagate));
  }

  // The stages watch the device's time themselves; theirs only has to be longer.
  private <C, T> CompletionStage<T> stage(
      Stage<C> stage, Function<ActorRef<StatusReply<T>>, C> question) {
    return stage.ask(question, timeout().multipliedBy(ANSWERS));
  }

  private Duration timeout() {
    return plan.settings().pipeline().askTimeout();
  }
}

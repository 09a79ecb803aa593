package dev.merlon.model.training;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import dev.merlon.config.Precision;
import dev.merlon.config.RunSettings;
import dev.merlon.config.failure.Failure;
import dev.merlon.config.failure.MerlonException;
import dev.merlon.model.data.Batch;
import dev.merlon.model.network.BatchNormFolding;
import dev.merlon.model.network.LiveNetwork;
import dev.merlon.model.network.Network;
import dev.merlon.model.network.ParameterValues;
import dev.merlon.model.objective.Objective;
import dev.merlon.model.objective.WarmUpRegulariser;
import dev.merlon.model.optimize.Adam;
import dev.merlon.model.optimize.Gradients;
import dev.merlon.model.optimize.Phase;
import dev.merlon.model.tensor.Autograd;
import dev.merlon.model.tensor.CounterRandom;
import dev.merlon.model.tensor.Scope;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * The tensors of one training run on one device, and its steps. A step is {@link #search}, {@link
 * #forward}, {@link #backward}, {@link #update} in this order, or {@link #abandon} after a forward
 * pass; between forward and update the step's graph is alive, one at a time. Weights change only by
 * building new tensors and swapping, so a step that fails leaves the learner as it was.
 *
 * <p>Not thread-safe: owned by one thread at a time, whose gradient mode it sets itself at every
 * entry.
 */
public final class Learner implements AutoCloseable {
  private final RunSettings settings;
  private final Network network;
  private final BatchNormFolding folding;
  private final DataType type;
  private final Scope scope;
  private final Objective objective;
  private final PointSearch search;
  private final WarmUpRegulariser regulariser;
  private final Adam optimizer;
  private final WeightAverage average;
  private DeviceValues values;
  private Optional<OpenStep> open = Optional.empty();
  private Optional<StatisticsPass> statistics = Optional.empty();
  private long updates;

  private Learner(RunSettings settings, Network network, ParameterValues initial, Device device) {
    this.settings = settings;
    this.network = network;
    this.folding = BatchNormFolding.of(network);
    this.type =
        settings.device().precision() == Precision.FLOAT64 ? DataType.FLOAT64 : DataType.FLOAT32;
    this.scope = Scope.open("learner", device);
    this.objective = new Objective(settings);
    this.search = new PointSearch(network, folding, objective, type, settings.seed());
    this.regulariser = new WarmUpRegulariser(settings.regulariser());
    this.values = DeviceValues.load(network, initial.as(type), scope);
    this.optimizer = new Adam(settings.optimizer(), values.trainable(), scope);
    this.average = new WeightAverage(network, scope);
  }

  /**
   * A learner at the start of a run.
   *
   * @param initial values of all tensors, converted to the run's precision
   * @throws MerlonException (model format) when they are not those of this network; (configuration)
   *     when the objective cannot train it
   */
  public static Learner create(
      RunSettings settings, Network network, ParameterValues initial, Device device) {
    new Objective(settings).requireFit(network);
    return new Learner(settings, network, fitting(network, initial), device);
  }

  /**
   * Searches the adversarial points that the step's plan asks for; weights and statistics stay as
   * they are.
   */
  public AttackedStep search(Batch batch, Phase phase) {
    return Autograd.withoutGradients(() -> search.of(batch, microBatch(), phase, values, scope));
  }

  /** Images of a micro-batch at most. */
  private int microBatch() {
    int parts = settings.optimizer().accumulate();
    return (settings.batchSize() + parts - 1) / parts;
  }

  /**
   * Builds the graph of the step and measures its losses; with several micro-batches all but the
   * last are differentiated, too. The batches belong to the open step from now on; they are closed
   * when this fails.
   *
   * @throws MerlonException (numeric) when a loss is not finite; no step is open then
   */
  public StepLosses forward(AttackedStep batches, Phase phase) {
    if (open.isPresent()) {
      batches.close();
      throw new IllegalStateException("a step is open already");
    }
    OpenStep step = new OpenStep(network, values, batches, this::graph, scope);
    try {
      StepLosses losses = Autograd.recording(step::measure);
      if (!losses.isFinite()) {
        throw notFinite("loss of " + phase.place() + " is " + losses.words());
      }
      open = Optional.of(step);
      return losses;
    } catch (RuntimeException e) {
      step.close();
      throw e;
    }
  }

  private StepGraph graph(AttackedBatch batch) {
    LiveNetwork trained = LiveNetwork.over(network, values.tensors(), batch.scope(), true);
    return new StepGraph(trained, folding, batch, regulariser, objective.smallestRegularisedSet());
  }

  /** Collects the gradients of the open step, once; frees its graph. */
  public void backward() {
    OpenStep step = step();
    if (step.isDifferentiated()) {
      throw new IllegalStateException("the step's gradients are collected already");
    }
    Autograd.recording(
        () -> {
          step.differentiate();
          return step;
        });
  }

  /**
   * Moves the weights by the open step's gradients, updates the running statistics from its clean
   * passes, and ends the step.
   *
   * @throws MerlonException (numeric) when a gradient is not finite; the weights are then unchanged
   *     and the step is abandoned
   */
  public StepReport update(Phase phase) {
    OpenStep step = step();
    try {
      if (!step.isDifferentiated()) {
        throw new IllegalStateException("the step's gradients are not collected yet");
      }
      return Autograd.withoutGradients(() -> update(step, phase));
    } finally {
      abandon();
    }
  }

  private StepReport update(OpenStep step, Phase phase) {
    Map<String, NDArray> parameters = step.constants(values.trainable());
    Gradients gradients =
        L1Penalty.add(network, parameters, step.gradients(), settings.optimizer().l1());
    double norm = gradients.norm();
    if (!Double.isFinite(norm)) {
      throw notFinite("gradient of " + phase.place() + " has the norm " + norm);
    }
    Gradients clipped = gradients.clipped(norm, settings.optimizer().gradientClip());
    Scope next = scope.child("weights");
    try {
      // The optimiser comes last: it commits its moments, and nothing may fail after it.
      Map<String, NDArray> moved = values.constants(next);
      moved.putAll(step.statistics(next));
      moved.putAll(optimizer.update(parameters, clipped.byName(), phase.learningRate(), next));
      swap(new DeviceValues(network, next, moved));
    } catch (RuntimeException e) {
      next.close();
      throw e;
    }
    updates++;
    return new StepReport(norm, updates);
  }

  private static MerlonException notFinite(String what) {
    return new MerlonException(
        new Failure.Numeric(
            "The " + what, "Lower optimizer.learning-rate, or set optimizer.gradient-clip."));
  }

  /** Ends the open step, if there is one, without moving the weights. */
  public void abandon() {
    open.ifPresent(OpenStep::close);
    open = Optional.empty();
  }

  /** Adds the weights as they are to their average. */
  public void averageWeights() {
    Autograd.withoutGradients(
        () -> {
          average.add(values);
          return average;
        });
  }

  /**
   * Begins to measure the running statistics anew over many batches (precise batch norm); replaces
   * a pass that was not finished.
   *
   * @param weights that are measured, and whose statistics are replaced
   * @throws IllegalStateException for an average that has not begun
   */
  public void beginStatistics(Weights weights) {
    DeviceValues measured = values(weights);
    statistics.ifPresent(StatisticsPass::close);
    statistics = Optional.of(new StatisticsPass(network, weights, measured, scope));
  }

  /** Adds a clean batch to the statistics pass. */
  public void addStatistics(Batch batch) {
    StatisticsPass pass = pass();
    try (Scope inner = scope.child("statistics batch")) {
      Autograd.withoutGradients(
          () -> {
            pass.add(images(batch, inner), inner);
            return pass;
          });
    }
  }

  /**
   * Ends the statistics pass: its averages become the running statistics. Without any batch they
   * stay as they are.
   */
  public void finishStatistics() {
    StatisticsPass pass = pass();
    DeviceValues measured = Autograd.withoutGradients(() -> pass.finished(scope.child("weights")));
    switch (pass.weights()) {
      case TRAINED -> swap(measured);
      case AVERAGED -> average.replace(measured);
    }
    pass.close();
    statistics = Optional.empty();
  }

  /**
   * Counts what the network gets right and what withstands or is proved, with running statistics.
   * The attack's start points depend on nothing but the run's seed and the batch's place.
   *
   * @param weights that are evaluated
   * @throws IllegalStateException for an average that has not begun
   */
  public EvaluationCounts evaluate(Batch batch, Weights weights, EvaluationPlan plan) {
    DeviceValues evaluated = values(weights);
    try (Scope inner = scope.child("evaluation")) {
      return Autograd.withoutGradients(
          () -> {
            LiveNetwork live = LiveNetwork.over(network, evaluated.tensors(), inner, false);
            return new BatchEvaluation(
                    folding.apply(live), images(batch, inner), inner.labels(batch.labels()))
                .counts(plan, startPoints(batch));
          });
    }
  }

  private RandomGenerator startPoints(Batch batch) {
    return CounterRandom.of(
        settings.seed(), 0, batch.cursor().step(), CounterRandom.Role.EVALUATION);
  }

  /** Weights and statistics in Java memory. */
  public ParameterValues values() {
    return values.copy(network);
  }

  /** Everything the next step depends on, in Java memory. */
  public LearnerState state() {
    return new LearnerState(values(), optimizer.state(), average.state());
  }

  /**
   * Goes back to a saved state; an open step or statistics pass is abandoned.
   *
   * @throws MerlonException (model format) when the state is not of this network; weights and
   *     optimiser are then unchanged
   */
  public void restore(LearnerState state) {
    abandon();
    statistics.ifPresent(StatisticsPass::close);
    statistics = Optional.empty();
    ParameterValues saved = fitting(network, state.values());
    state.average().ifPresent(averaged -> fitting(network, averaged.values()));
    DeviceValues loaded = DeviceValues.load(network, saved.as(type), scope);
    try {
      optimizer.restore(state.optimizer());
    } catch (RuntimeException e) {
      loaded.close();
      throw e;
    }
    average.restore(state.average(), type);
    values.close();
    values = loaded;
    updates = state.optimizer().steps();
  }

  /** The network that is trained. */
  public Network network() {
    return network;
  }

  @Override
  public void close() {
    abandon();
    statistics.ifPresent(StatisticsPass::close);
    average.close();
    optimizer.close();
    values.close();
    scope.close();
  }

  private OpenStep step() {
    return open.orElseThrow(() -> new IllegalStateException("no step is open"));
  }

  private StatisticsPass pass() {
    return statistics.orElseThrow(() -> new IllegalStateException("no statistics pass is open"));
  }

  private DeviceValues values(Weights weights) {
    return switch (weights) {
      case TRAINED -> values;
      case AVERAGED ->
          average
              .values()
              .orElseThrow(() -> new IllegalStateException("no weights are averaged yet"));
    };
  }

  private void swap(DeviceValues next) {
    DeviceValues old = values;
    values = next;
    old.close();
  }

  private NDArray images(Batch batch, Scope inner) {
    return PointSearch.images(batch, network, type, inner);
  }

  private static ParameterValues fitting(Network network, ParameterValues values) {
    return ParameterValues.of(network, values.tensors());
  }
}

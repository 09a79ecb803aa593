package dev.merlon.model.training;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.merlon.config.AttackStatistics;
import dev.merlon.config.Failure;
import dev.merlon.config.MerlonException;
import dev.merlon.config.Precision;
import dev.merlon.config.RunSettings;
import dev.merlon.model.attack.Pgd;
import dev.merlon.model.bound.BoxPropagation;
import dev.merlon.model.bound.Margins;
import dev.merlon.model.data.Batch;
import dev.merlon.model.network.BatchNormFolding;
import dev.merlon.model.network.Concrete;
import dev.merlon.model.network.Concrete.CleanForward;
import dev.merlon.model.network.LiveNetwork;
import dev.merlon.model.network.Network;
import dev.merlon.model.network.ParameterValues;
import dev.merlon.model.norm.PerturbationSet;
import dev.merlon.model.objective.Objective;
import dev.merlon.model.objective.Plan;
import dev.merlon.model.objective.WarmUpRegulariser;
import dev.merlon.model.optimize.Adam;
import dev.merlon.model.optimize.Gradients;
import dev.merlon.model.optimize.Phase;
import dev.merlon.model.tensor.Autograd;
import dev.merlon.model.tensor.CounterRandom;
import dev.merlon.model.tensor.Scope;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

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
  private final WarmUpRegulariser regulariser;
  private final Adam optimizer;
  private DeviceValues values;
  private Optional<OpenStep> open = Optional.empty();
  private Optional<StatisticsPass> statistics = Optional.empty();
  private long updates;

  private record OpenStep(AttackedBatch batch, StepGraph graph) {}

  private Learner(RunSettings settings, Network network, ParameterValues initial, Device device) {
    this.settings = settings;
    this.network = network;
    this.folding = BatchNormFolding.of(network);
    this.type =
        settings.device().precision() == Precision.FLOAT64 ? DataType.FLOAT64 : DataType.FLOAT32;
    this.scope = Scope.open("learner", device);
    this.objective = new Objective(settings);
    this.regulariser = new WarmUpRegulariser(settings.regulariser());
    this.values = DeviceValues.load(network, initial.as(type), scope);
    this.optimizer = new Adam(settings.optimizer(), values.trainable(), scope);
  }

  /**
   * A learner at the start of a run. @param initial values of all tensors, converted to the run's
   * precision
   */
  public static Learner create(
      RunSettings settings, Network network, ParameterValues initial, Device device) {
    return new Learner(settings, network, initial, device);
  }

  /**
   * Searches the adversarial points that the step's plan asks for; weights and statistics stay as
   * they are.
   */
  public AttackedBatch search(Batch batch, Phase phase) {
    Scope inner = scope.child("batch");
    try {
      return Autograd.withoutGradients(() -> search(batch, phase, inner));
    } catch (RuntimeException e) {
      inner.close();
      throw e;
    }
  }

  private AttackedBatch search(Batch batch, Phase phase, Scope inner) {
    Plan plan = objective.plan(phase);
    NDArray x = images(batch, inner);
    NDArray labels = inner.labels(batch.labels());
    List<NDArray> points = new ArrayList<>();
    if (!plan.attacks().isEmpty()) {
      LiveNetwork running = LiveNetwork.over(network, values.tensors(), inner, false);
      LiveNetwork current = running.withStatistics(Concrete.clean(running, x).statistics());
      int number = 0;
      for (Plan.Search search : plan.attacks()) {
        LiveNetwork attacked = search.statistics() == AttackStatistics.BATCH ? current : running;
        var random =
            CounterRandom.of(
                settings.seed() + 31L * number++,
                phase.epoch(),
                phase.step(),
                CounterRandom.Role.ATTACK);
        points.add(
            Pgd.search(
                    folding.apply(attacked),
                    x,
                    labels,
                    search.set(),
                    search.settings(),
                    search.options(),
                    random,
                    inner)
                .points());
      }
    }
    return new AttackedBatch(inner, x, labels, plan, points);
  }

  /**
   * Builds the graph of the step and measures its losses. The batch belongs to the open step from
   * now on.
   */
  public StepLosses forward(AttackedBatch batch, Phase phase) {
    if (open.isPresent()) {
      throw new IllegalStateException("a step is open already");
    }
    try {
      return Autograd.recording(
          () -> {
            LiveNetwork trained = LiveNetwork.over(network, values.tensors(), batch.scope(), true);
            StepGraph graph =
                new StepGraph(
                    trained, folding, batch, regulariser, objective.smallestRegularisedSet());
            open = Optional.of(new OpenStep(batch, graph));
            return graph.losses();
          });
    } catch (RuntimeException e) {
      batch.close();
      throw e;
    }
  }

  /** Collects the gradients of the open step; frees its graph. */
  public void backward() {
    StepGraph graph = step().graph();
    Autograd.recording(
        () -> {
          Autograd.backward(graph.loss());
          return graph;
        });
  }

  /**
   * Moves the weights by the open step's gradients, updates the running statistics from its clean
   * pass, and ends the step.
   *
   * @throws MerlonException (numeric) when a gradient is not finite; the weights are then unchanged
   *     and the step is abandoned
   */
  public StepReport update(Phase phase) {
    OpenStep step = step();
    try {
      return Autograd.withoutGradients(() -> update(step, phase));
    } finally {
      abandon();
    }
  }

  private StepReport update(OpenStep step, Phase phase) {
    LiveNetwork trained = step.graph().trained();
    Map<String, NDArray> parameters = values.trainable(trained.tensors());
    Gradients gradients =
        L1Penalty.add(network, parameters, collect(parameters), settings.optimizer().l1());
    double norm = gradients.norm();
    if (!Double.isFinite(norm)) {
      throw new MerlonException(
          new Failure.Numeric(
              "The gradient of step " + phase.globalStep() + " is not finite.",
              "Lower optimizer.learning-rate or set optimizer.gradient-clip, then resume."));
    }
    Gradients clipped = gradients.clipped(norm, settings.optimizer().gradientClip());
    Scope next = scope.child("weights");
    Map<String, NDArray> moved =
        new LinkedHashMap<>(
            optimizer.update(parameters, clipped.byName(), phase.learningRate(), next));
    moved.putAll(RunningStatistics.blend(network, trained, step.graph().clean(), next));
    swap(next, moved);
    updates++;
    return new StepReport(norm, updates);
  }

  /** Ends the open step, if there is one, without moving the weights. */
  public void abandon() {
    open.ifPresent(step -> step.batch().close());
    open = Optional.empty();
  }

  /**
   * Begins to measure the running statistics anew over many batches (precise batch norm); replaces
   * a pass that was not finished.
   */
  public void beginStatistics() {
    statistics.ifPresent(StatisticsPass::close);
    statistics = Optional.of(new StatisticsPass(network, scope));
  }

  /** Adds a clean batch to the statistics pass. */
  public void addStatistics(Batch batch) {
    StatisticsPass pass = pass();
    try (Scope inner = scope.child("statistics batch")) {
      Autograd.withoutGradients(
          () -> {
            LiveNetwork live = LiveNetwork.over(network, values.tensors(), inner, false);
            CleanForward clean = Concrete.clean(live, images(batch, inner));
            pass.add(clean, inner);
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
    Autograd.withoutGradients(
        () -> {
          Scope next = scope.child("weights");
          Map<String, NDArray> moved = new LinkedHashMap<>();
          values.tensors().forEach((name, value) -> moved.put(name, next.constant(value)));
          moved.putAll(pass.averages(next));
          swap(next, moved);
          return pass;
        });
    pass.close();
    statistics = Optional.empty();
  }

  /**
   * Counts correct and interval-certified images with the running statistics. @param set what to
   * certify against
   */
  public EvaluationCounts evaluate(Batch batch, PerturbationSet set) {
    try (Scope inner = scope.child("evaluation")) {
      return Autograd.withoutGradients(
          () -> {
            LiveNetwork live = LiveNetwork.over(network, values.tensors(), inner, false);
            NDArray x = images(batch, inner);
            NDArray labels = inner.labels(batch.labels());
            NDArray oneHot = Margins.oneHot(labels, network.classes(), type);
            NDArray correct = Concrete.logits(live, x).argMax(1).eq(labels);
            NDArray margins = BoxPropagation.over(live, x, set).marginLowerBounds(labels);
            NDArray certified = Margins.smallest(margins, oneHot).gt(0).logicalAnd(correct);
            return new EvaluationCounts(batch.size(), count(correct), count(certified));
          });
    }
  }

  /** Weights and statistics in Java memory. */
  public ParameterValues values() {
    return values.copy(network);
  }

  /** Everything the next step depends on, in Java memory. */
  public LearnerState state() {
    return new LearnerState(values(), optimizer.state());
  }

  /** Goes back to a saved state; an open step or statistics pass is abandoned. */
  public void restore(LearnerState state) {
    abandon();
    statistics.ifPresent(StatisticsPass::close);
    statistics = Optional.empty();
    DeviceValues old = values;
    values = DeviceValues.load(network, state.values().as(type), scope);
    old.close();
    optimizer.restore(state.optimizer());
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

  private void swap(Scope next, Map<String, NDArray> moved) {
    DeviceValues old = values;
    values = new DeviceValues(network, next, moved);
    old.close();
  }

  private static Map<String, NDArray> collect(Map<String, NDArray> leaves) {
    Map<String, NDArray> gradients = new LinkedHashMap<>();
    leaves.forEach((name, leaf) -> gradients.put(name, Autograd.gradient(leaf)));
    return gradients;
  }

  private NDArray images(Batch batch, Scope inner) {
    long[] shape = network.inputShape().getShape();
    Shape full = new Shape(batch.size()).addAll(new Shape(shape));
    return inner.tensor(batch.pixels(), type, full.getShape());
  }

  private static int count(NDArray flags) {
    return Math.toIntExact(flags.toType(DataType.INT64, false).sum().getLong());
  }
}

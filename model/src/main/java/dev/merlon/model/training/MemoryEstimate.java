package dev.merlon.model.training;

import dev.merlon.config.Precision;
import dev.merlon.config.RunSettings;
import dev.merlon.model.network.BatchNormFolding;
import dev.merlon.model.network.Cost;
import dev.merlon.model.network.Network;
import dev.merlon.model.objective.Objective;
import dev.merlon.model.objective.Plan;
import dev.merlon.model.optimize.Phase;
import dev.merlon.model.optimize.Schedules;
import java.util.OptionalInt;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * What the steps of a run take of the machine's memory at their peak, from the cost interpretation
 * of its network. The factors were fitted to the resident memory of measured steps on a CPU (CNN3
 * and CNN7; natural, IBP and SABR; two batch sizes each), which {@code StepMemoryBenchmark}
 * repeats.
 *
 * @param network that is trained
 * @param cost of the network
 */
public record MemoryEstimate(RunSettings settings, Network network, Cost cost) {
  private static final long MEBIBYTE = 1 << 20;

  /** The engine's own buffers. */
  private static final long ENGINE = 16 * MEBIBYTE;

  /** The engine's code, images and what Java needs besides copies of weights. */
  private static final long PROCESS = 256 * MEBIBYTE;

  /** Weights, gradients and moments before and after an update, and what it computes between. */
  private static final double WEIGHTS = 15;

  /** Copies of weights and both moments in Java: the last, a waiting and a written snapshot. */
  private static final int SNAPSHOTS = 9;

  /** Copies of a start model in Java: its file, what of it runs, its weights. */
  private static final int START_MODEL = 3;

  /** An attack's passes, which come before the step's graph but leave the heap in pieces. */
  private static final double ATTACK = 3;

  /** The estimate of a run. */
  public static MemoryEstimate of(RunSettings settings, Network network) {
    return new MemoryEstimate(settings, network, Cost.of(network));
  }

  /** Images of a micro-batch. */
  public int microBatch() {
    return microBatch(settings.optimizer().accumulate());
  }

  /** Native memory of the steps at their peak, in bytes. */
  public long stepBytes() {
    return stepBytes(microBatch());
  }

  /** Memory that the whole run takes beyond what the process has when it begins, in bytes. */
  public long runBytes() {
    return runBytes(settings.optimizer().accumulate());
  }

  /**
   * The smallest {@code optimizer.accumulate} with which the run fits.
   *
   * @param available bytes
   * @return empty where none does
   */
  public OptionalInt fittingAccumulate(long available) {
    for (int parts = 1; parts <= settings.batchSize(); parts++) {
      if (runBytes(parts) <= available) {
        return OptionalInt.of(parts);
      }
    }
    return OptionalInt.empty();
  }

  private long runBytes(int parts) {
    boolean averages = settings.averaging().fromEpoch() > 0;
    int start = settings.startModel().isEmpty() ? 0 : START_MODEL;
    boolean merges = settings.projection().isPresent();
    long copies = (long) SNAPSHOTS + (averages ? SNAPSHOTS : 0) + (merges ? SNAPSHOTS : 0) + start;
    return PROCESS + stepBytes(microBatch(parts)) + copies * cost.parameters() * bytesPerNumber();
  }

  private long stepBytes(int images) {
    double weights = WEIGHTS * cost.parameters();
    double values = weights + images * valuesPerImage() + naturalBranch(images);
    return ENGINE + Math.round(values * bytesPerNumber());
  }

  // Gradient projection trains a second copy of the network, at its most expensive at the same
  // time.
  private double naturalBranch(int images) {
    return settings.projection().isPresent()
        ? WEIGHTS * cost.parameters() + images * TermValues.LOGITS * cost.clean().values()
        : 0;
  }

  private int microBatch(int parts) {
    return (settings.batchSize() + parts - 1) / parts;
  }

  private double valuesPerImage() {
    TermValues values = new TermValues(BatchNormFolding.of(network).network(), cost);
    Objective objective = new Objective(settings);
    return phases()
        .mapToDouble(phase -> valuesPerImage(objective.plan(phase), values))
        .max()
        .orElseThrow();
  }

  private double valuesPerImage(Plan plan, TermValues values) {
    double clean = TermValues.LOGITS * cost.clean().values();
    double attack = ATTACK * cost.concrete().values();
    double terms = plan.terms().stream().mapToDouble(term -> term.accept(values)).sum();
    double regulariser =
        plan.regularised().isPresent() && regularises() ? TermValues.BOX * cost.box().values() : 0;
    return clean + terms + regulariser + (plan.attacks().isEmpty() ? 0 : attack);
  }

  // What a step computes changes with the radius: CROWN-IBP may end as interval bounds.
  private Stream<Phase> phases() {
    Schedules schedules = Schedules.of(settings, 1);
    return LongStream.range(0, schedules.totalSteps()).mapToObj(schedules::phase);
  }

  // While the radius is tiny the regulariser has a box pass of its own.
  private boolean regularises() {
    return settings.regulariser().weight() > 0 && settings.schedule().endEpoch() > 0;
  }

  private int bytesPerNumber() {
    return settings.device().precision() == Precision.FLOAT64 ? Double.BYTES : Float.BYTES;
  }
}

package dev.merlon.model.bound.split;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.merlon.model.bound.box.InputSet;
import dev.merlon.model.network.LiveNetwork;
import dev.merlon.model.network.Node;
import dev.merlon.model.network.operation.BatchNorm;
import dev.merlon.model.norm.Rows;
import dev.merlon.model.tensor.Autograd;
import dev.merlon.model.tensor.HostTensor;
import dev.merlon.model.tensor.Scope;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * Lower bounds of linear functions over subproblems of one sample's set, each with relaxations of
 * its own: alpha-CROWN (Xu et al. 2021), and where neurons are split beta-CROWN (Wang et al. 2021).
 *
 * <p>Alpha-CROWN makes the slope of the line {@code alpha_i z_i} below an unstable rectifier a
 * parameter in {@code [0, 1]}, one for each function and neuron, and maximises CROWN's bound {@code
 * min over x of a(alpha)^T x + b(alpha)} over it. Where neuron {@code i} is split, {@code s_i z_i
 * >= 0} with {@code s_i} 1 or -1, beta-CROWN subtracts {@code beta_i s_i z_i}, {@code beta_i >= 0},
 * on the way back, which is at least nothing inside the subproblem: {@code min f >= max over alpha,
 * beta of min over x of a(alpha, beta)^T x + b(alpha, beta)}. Every admissible alpha and beta gives
 * a sound bound, so it does not matter how well {@link SlopeOptimisation} finds them.
 *
 * <p>Bounds of the operands of nonlinear operations are given and stay; a split ends its own
 * neuron's at 0, and its constraint enters by a multiplier. Only rectifiers have slopes and can be
 * split; everything else keeps the lines that its box gives.
 *
 * <p>Owns its tensors until it is closed. Not thread-safe.
 */
public final class SplitBounds implements AutoCloseable {
  private final Scope scope;
  private final LiveNetwork live;
  private final RowPass pass;
  private final long coefficients;

  private SplitBounds(
      LiveNetwork live, InputSet input, PreActivations known, long coefficients, Scope scope) {
    this.scope = scope;
    this.live = live;
    this.pass = new RowPass(live, input.in(scope), known, scope);
    this.coefficients = coefficients;
  }

  /**
   * Bounds over these boxes.
   *
   * @param input one sample's set
   * @param known boxes of the operands of nonlinear operations; only values behind none but these
   *     operations can be bounded
   * @param coefficients largest number of elements of one coefficient tensor, at least 1
   */
  public static SplitBounds over(
      LiveNetwork live, InputSet input, PreActivations known, long coefficients) {
    Scope scope = Scope.within(input.point(), "split bounds");
    try {
      return Autograd.withoutGradients(
          () -> new SplitBounds(live, input, known, coefficients, scope));
    } catch (RuntimeException | Error failed) {
      scope.close();
      throw failed;
    }
  }

  /**
   * A bound and what it was found with.
   *
   * @param lower bound of the function over its subproblem
   * @param subproblem with the slopes and multipliers of the bound, as float32
   * @param proof the same in float64, which gives this very bound; made when it is asked for
   */
  public record Bounded(double lower, Subproblem subproblem, Supplier<ProvedSubproblem> proof) {
    /** A bound of these very parameters. */
    static Bounded with(double lower, Subproblem subproblem) {
      return new Bounded(
          lower,
          subproblem,
          () ->
              new ProvedSubproblem(
                  subproblem.splits(),
                  doubles(subproblem.slopes()),
                  doubles(subproblem.multipliers()),
                  lower));
    }

    /** Where time did not suffice for any bound. */
    static Bounded nothing(Subproblem subproblem) {
      return with(Double.NEGATIVE_INFINITY, subproblem);
    }

    private static double[] doubles(float... values) {
      double[] wide = new double[values.length];
      Arrays.setAll(wide, i -> values[i]);
      return wide;
    }
  }

  /**
   * How a bound comes about.
   *
   * @param lower bound of the function over its subproblem
   * @param coefficients of the relaxed function on the values of the unstable neurons
   * @param minimiser where the relaxed function is smallest, flat; for a clipped ball perhaps just
   *     outside
   */
  @SuppressWarnings("ArrayRecordComponent") // Handed over, never compared.
  public record Insight(double lower, double[] coefficients, double[] minimiser) {}

  /** Number of unstable rectifiers. */
  public int unstable() {
    return pass.neurons().count();
  }

  /** Bounds of the operands of the unstable rectifiers: lower ones, or upper ones. */
  public double[] ends(boolean upper) {
    return pass.neurons().layers().stream()
        .flatMapToDouble(layer -> Arrays.stream(upper ? layer.upper() : layer.lower()))
        .toArray();
  }

  /** Biases of the operands of the unstable rectifiers, as far as a layer before them adds one. */
  public double[] biases() {
    return pass.neurons().layers().stream()
        .flatMapToDouble(layer -> Arrays.stream(biases(layer)))
        .toArray();
  }

  private double[] biases(UnstableNeurons.Layer layer) {
    int value = layer.node().inputs().get(0);
    if (value == 0) {
      return new double[layer.size()];
    }
    Node computing = live.network().node(value);
    Optional<NDArray> bias =
        computing.operation() instanceof BatchNorm
            ? Optional.of(live.channelAffine(computing).shift())
            : live.bias(computing);
    double[] perChannel =
        bias.map(values -> HostTensor.copyOf(values).toDoubles()).orElseGet(() -> new double[1]);
    int plane = Math.toIntExact(live.network().shape(value).size()) / perChannel.length;
    return IntStream.of(layer.places()).mapToDouble(i -> perChannel[i / plane]).toArray();
  }

  /** The whole set, with the slopes of least area. */
  public Subproblem whole() {
    double[] lower = ends(false);
    double[] upper = ends(true);
    float[] slopes = new float[lower.length];
    IntStream.range(0, slopes.length).forEach(i -> slopes[i] = upper[i] + lower[i] > 0 ? 1 : 0);
    return Subproblem.whole(slopes);
  }

  /**
   * Rows of margins, {@code [1, R, K]}.
   *
   * @param others the class that each function compares the label with
   */
  public NDArray marginRows(int label, int[] others, Scope owner) {
    int classes = live.network().classes();
    double[] rows = new double[others.length * classes];
    for (int r = 0; r < others.length; r++) {
      rows[r * classes + label] += 1;
      rows[r * classes + others[r]] -= 1;
    }
    return owner.tensor(rows, live.type(), 1, others.length, classes);
  }

  /** Element type of the bounds. */
  public DataType type() {
    return live.type();
  }

  /** The number of the network's output value. */
  public int output() {
    return live.network().output().id();
  }

  /** How many functions of a value are bounded at once. */
  public int rowsAtOnce(int value) {
    long widest =
        IntStream.rangeClosed(0, value)
            .mapToLong(id -> live.network().shape(id).size())
            .max()
            .orElse(1);
    return Math.toIntExact(Math.max(1, Math.min(coefficients / widest, Integer.MAX_VALUE)));
  }

  /**
   * The best bounds that the optimisation finds; with one iteration, those of the parameters given.
   *
   * @param rows {@code [1, R, ...]}
   * @param subproblems where each function is bounded, and the parameters that it starts from
   * @param expired whether time is up; the bounds are then as good as they are, or minus infinity
   */
  public List<Bounded> maximise(
      int value,
      NDArray rows,
      List<Subproblem> subproblems,
      SlopeSettings settings,
      BooleanSupplier expired) {
    return Autograd.withoutGradients(
        () -> {
          List<Bounded> all = new ArrayList<>(subproblems.size());
          int chunk = rowsAtOnce(value);
          for (int from = 0; from < subproblems.size(); from += chunk) {
            int to = Math.min(subproblems.size(), from + chunk);
            if (from > 0 && expired.getAsBoolean()) {
              subproblems
                  .subList(from, subproblems.size())
                  .forEach(subproblem -> all.add(Bounded.nothing(subproblem)));
              break;
            }
            try (Scope work = scope.child("rows")) {
              NDArray some = work.view(rows).get(new NDIndex(":,{}:{}", from, to));
              all.addAll(
                  chunk(value, some, subproblems.subList(from, to), settings, expired, work));
            }
          }
          return all;
        });
  }

  /** How the bounds of these subproblems, with their parameters, come about; for one chunk. */
  public List<Insight> inspect(int value, NDArray rows, List<Subproblem> subproblems) {
    return Autograd.withoutGradients(
        () -> {
          try (Scope work = scope.child("insight")) {
            Observation seen = new Observation(subproblems.size(), unstable(), work);
            InputSet watched = new InputSet.Watched(pass.input(), seen::minimise);
            NDArray lower;
            if (unstable() == 0) {
              lower = pass.lower(value, rows, watched, work);
            } else {
              RowBatch batch = RowBatch.of(pass.neurons(), rows, subproblems, work);
              NDArray parameters = batch.parameters(subproblems, work);
              lower = pass.lower(value, batch, parameters, watched, seen, work);
            }
            return seen.insights(HostTensor.copyOf(lower).toDoubles());
          }
        });
  }

  @Override
  public void close() {
    scope.close();
  }

  private List<Bounded> chunk(
      int value,
      NDArray rows,
      List<Subproblem> subproblems,
      SlopeSettings settings,
      BooleanSupplier expired,
      Scope work) {
    if (unstable() == 0) {
      double[] bounds = HostTensor.copyOf(pass.lower(value, rows, pass.input(), work)).toDoubles();
      return IntStream.range(0, bounds.length)
          .mapToObj(r -> Bounded.with(bounds[r], subproblems.get(r)))
          .toList();
    }
    RowBatch batch = RowBatch.of(pass.neurons(), rows, subproblems, work);
    SlopeOptimisation.Summit best =
        SlopeOptimisation.climb(pass, value, batch, subproblems, settings, expired, work);
    double[] parameters = HostTensor.copyOf(best.parameters()).toDoubles();
    int width = parameters.length / subproblems.size();
    return IntStream.range(0, subproblems.size())
        .mapToObj(r -> reached(subproblems.get(r), best.bounds()[r], parameters, r * width))
        .toList();
  }

  private Bounded reached(Subproblem subproblem, double lower, double[] parameters, int from) {
    float[] slopes = new float[unstable()];
    IntStream.range(0, slopes.length).forEach(i -> slopes[i] = (float) parameters[from + i]);
    float[] multipliers = new float[subproblem.splits().length];
    for (int i = 0; i < multipliers.length; i++) {
      multipliers[i] = (float) parameters[from + unstable() + subproblem.neuron(i)];
    }
    return new Bounded(
        lower,
        new Subproblem(subproblem.splits(), slopes, multipliers),
        () -> exact(subproblem, lower, parameters, from));
  }

  private ProvedSubproblem exact(
      Subproblem subproblem, double lower, double[] parameters, int from) {
    double[] multipliers = new double[subproblem.splits().length];
    Arrays.setAll(multipliers, i -> parameters[from + unstable() + subproblem.neuron(i)]);
    double[] slopes = Arrays.copyOfRange(parameters, from, from + unstable());
    return new ProvedSubproblem(subproblem.splits(), slopes, multipliers, lower);
  }

  /** What is seen of a pass. */
  private static final class Observation implements RowPass.Watcher {
    private final double[][] coefficients;
    private final Scope work;
    private double[][] minimisers = {};

    Observation(int rows, int unstable, Scope work) {
      this.coefficients = new double[rows][unstable];
      this.work = work;
    }

    @Override
    public void coefficients(UnstableNeurons.Layer layer, NDArray seen) {
      double[] values = HostTensor.copyOf(seen).toDoubles();
      for (int r = 0; r < coefficients.length; r++) {
        System.arraycopy(values, r * layer.size(), coefficients[r], layer.first(), layer.size());
      }
    }

    // The smallest value of a linear function has the point where it is taken as its derivative.
    void minimise(InputSet set, Rows rows) {
      NDArray leaf = work.leaf(rows.values());
      Autograd.recording(
          () -> {
            Autograd.backward(set.minimum(new Rows(leaf)).sum());
            return leaf;
          });
      double[] points = HostTensor.copyOf(Autograd.gradient(leaf)).toDoubles();
      Shape shape = leaf.getShape();
      int width = Math.toIntExact(shape.get(2));
      minimisers = new double[Math.toIntExact(shape.get(1))][];
      Arrays.setAll(minimisers, r -> Arrays.copyOfRange(points, r * width, (r + 1) * width));
    }

    List<Insight> insights(double[] lower) {
      return IntStream.range(0, lower.length)
          .mapToObj(r -> new Insight(lower[r], coefficients[r], minimisers[r]))
          .toList();
    }
  }
}

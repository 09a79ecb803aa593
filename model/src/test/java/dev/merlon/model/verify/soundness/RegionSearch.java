package dev.merlon.model.verify.soundness;

import dev.merlon.model.verify.soundness.PlainNetwork.Form;
import dev.merlon.model.verify.soundness.PlainNetwork.Neuron;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How near a point is, in the Euclidean norm, at which one class catches up with the label: every
 * combination of signs of the neurons is a polyhedron on which the network is affine, and those
 * that come near enough are gone through, neuron by neuron.
 *
 * <p>The distance of a polyhedron {@code G d >= h} from 0 is bounded by its dual, {@code <h, m> -
 * |G' m|^2 / 2} for any {@code m >= 0}, which is raised coordinate by coordinate (Hildreth 1957).
 */
final class RegionSearch {
  private static final int SWEEPS = 300;
  private static final int MOST_REGIONS = 20_000;

  private final PlainNetwork network;
  private final Ball ball;
  private final double[] low;
  private final double[] high;
  private final double most;
  private final Form margin;
  private double nearest;
  private int regions;

  private RegionSearch(PlainNetwork network, Ball ball, Form margin, double most) {
    this.network = network;
    this.ball = ball;
    this.margin = margin;
    this.most = most;
    this.nearest = most;
    int length = network.inputs() + network.neurons().size();
    this.low = new double[length];
    this.high = new double[length];
    Intervals.fill(network, ball, most, low, high);
  }

  /**
   * A lower bound of the distance, at most {@code most}; none when there are too many regions.
   *
   * @param most the radius that is looked into
   */
  static Optional<Double> distance(PlainNetwork network, Ball ball, Form margin, double most) {
    RegionSearch search = new RegionSearch(network, ball, margin, most);
    List<Form> known = new ArrayList<>();
    for (int i = 0; i < network.inputs(); i++) {
      known.add(Form.unit(i));
    }
    search.descend(known, search.pixels());
    return search.regions > MOST_REGIONS ? Optional.empty() : Optional.of(search.nearest);
  }

  private List<Form> pixels() {
    List<Form> limits = new ArrayList<>();
    for (int i = 0; i < network.inputs() && ball.clip(); i++) {
      Form pixel = Form.unit(i);
      limits.add(pixel);
      limits.add(new Form(new double[0], 1).minus(pixel));
    }
    return limits;
  }

  // known: what input and the neurons so far are as functions of the input; limits: >= 0.
  private void descend(List<Form> known, List<Form> limits) {
    if (++regions > MOST_REGIONS) {
      return;
    }
    int next = known.size() - network.inputs();
    if (next == network.neurons().size()) {
      List<Form> all = new ArrayList<>(limits);
      all.add(new Form(new double[0], 0).minus(substituted(margin, known)));
      nearest = Math.min(nearest, bound(all));
      return;
    }
    Neuron neuron = network.neurons().get(next);
    Form z = substituted(neuron.operand(), known);
    double[] ends = Intervals.ends(neuron.operand(), network, ball, most, low, high);
    if (ends[0] >= 0 || ends[1] <= 0) {
      double slope = ends[0] >= 0 ? 1 : neuron.leak();
      descend(with(known, new Form(new double[0], 0).plus(z, slope)), limits);
      return;
    }
    branch(known, limits, z, z);
    Form negative = new Form(new double[0], 0).minus(z);
    branch(known, limits, negative, new Form(new double[0], 0).plus(z, neuron.leak()));
  }

  private void branch(List<Form> known, List<Form> limits, Form limit, Form result) {
    List<Form> more = with(limits, limit);
    if (bound(more) < nearest) {
      descend(with(known, result), more);
    }
  }

  private static List<Form> with(List<Form> forms, Form one) {
    List<Form> more = new ArrayList<>(forms);
    more.add(one);
    return more;
  }

  private Form substituted(Form form, List<Form> known) {
    Form sum = new Form(new double[0], form.constant());
    for (int i = 0; i < form.weights().length; i++) {
      if (form.weights()[i] != 0) {
        sum = sum.plus(known.get(i), form.weights()[i]);
      }
    }
    return sum;
  }

  // A lower bound of the distance of the points at which all these are at least 0.
  private double bound(List<Form> limits) {
    int inputs = network.inputs();
    double[] move = new double[inputs];
    double[] multipliers = new double[limits.size()];
    double[] needed = limits.stream().mapToDouble(form -> -form.at(ball.center())).toArray();
    double best = 0;
    for (int sweep = 0; sweep < SWEEPS; sweep++) {
      double change = 0;
      for (int i = 0; i < multipliers.length; i++) {
        double[] row = limits.get(i).weights();
        double size = 1e-30;
        double short0 = needed[i];
        for (int k = 0; k < row.length; k++) {
          size += row[k] * row[k];
          short0 -= row[k] * move[k];
        }
        double raised = Math.max(0, multipliers[i] + short0 / size);
        double step = raised - multipliers[i];
        multipliers[i] = raised;
        change = Math.max(change, Math.abs(step) * Math.sqrt(size));
        for (int k = 0; k < row.length && step != 0; k++) {
          move[k] += step * row[k];
        }
      }
      best = Math.max(best, value(multipliers, needed, move));
      if (best > nearest || change < 1e-9) {
        break;
      }
    }
    return best;
  }

  private static double value(double[] multipliers, double[] needed, double[] move) {
    double value = 0;
    for (int i = 0; i < multipliers.length; i++) {
      value += multipliers[i] * needed[i];
    }
    for (double each : move) {
      value -= 0.5 * each * each;
    }
    return Math.sqrt(2 * Math.max(0, value));
  }
}

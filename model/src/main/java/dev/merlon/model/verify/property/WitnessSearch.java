package dev.merlon.model.verify.property;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.merlon.model.network.Concrete;
import dev.merlon.model.network.LiveNetwork;
import dev.merlon.model.tensor.Autograd;
import dev.merlon.model.tensor.CounterRandom;
import dev.merlon.model.tensor.HostTensor;
import dev.merlon.model.tensor.Scalars;
import dev.merlon.model.tensor.Scope;
import dev.merlon.model.verify.ladder.BoxSubproblem;
import dev.merlon.model.verify.runtime.Predictor;
import dev.merlon.model.verify.specification.Conjunction;
import dev.merlon.model.verify.specification.LinearConstraint;
import dev.merlon.model.verify.specification.Specification.Region;
import dev.merlon.model.verify.vnnlib.Format;
import dev.merlon.model.verify.vnnlib.Fractions;
import dev.merlon.model.verify.vnnlib.InputBox;
import dev.merlon.model.verify.vnnlib.Numbers;
import dev.merlon.model.verify.vnnlib.VnnLibProperty;
import dev.merlon.model.verify.vnnlib.Witness;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;
import java.util.stream.LongStream;

/**
 * Searches a counterexample of a property: projected gradient descent on the largest left side of a
 * conjunction's constraints, which is at most 0 where all of them hold. A point counts only as the
 * numbers that ONNX Runtime was given, with the exact property met by what it returned.
 *
 * <p>The search for counterexamples of queries is another one, and stays so: it is the attack that
 * was configured, of which adversarial accuracies and stored facts tell the kind, strength and
 * seed, and it descends in float32, the arithmetic of the deployed model, inside any perturbation
 * set. A file that takes float64, or a condition that is met in the last places only, is lost in
 * float32; and conjunctions with inputs and constants are no question of which class is highest.
 */
final class WitnessSearch {
  private static final int STARTS = 20;
  private static final int STEPS = 60;
  private static final double FIRST_STEP = 0.25;

  private final LiveNetwork live;
  private final Predictor predictor;
  private final VnnLibProperty property;
  private final RandomGenerator random;

  /**
   * @param live the model's graph, for gradients
   * @param predictor the model's file
   */
  WitnessSearch(LiveNetwork live, Predictor predictor, VnnLibProperty property, long seed) {
    this.live = live;
    this.predictor = predictor;
    this.property = property;
    this.random = CounterRandom.of(seed, 0, 0, CounterRandom.Role.EVALUATION);
  }

  /** Searches the box of a region for each of the conjunctions. */
  Optional<Witness> search(
      Region<InputBox> region, List<Conjunction> cases, BooleanSupplier expired) {
    for (Conjunction wanted : cases) {
      if (expired.getAsBoolean()) {
        return Optional.empty();
      }
      Optional<Witness> found = descend(region, wanted, expired);
      if (found.isPresent()) {
        return found;
      }
    }
    return Optional.empty();
  }

  /**
   * The first of these points of a region that is confirmed. What the file gives for a point may
   * depend on what is computed beside it, so that a witness has what it gives for the point alone.
   */
  Optional<Witness> confirm(Region<InputBox> region, List<double[]> points) {
    if (points.isEmpty()) {
      return Optional.empty();
    }
    List<double[]> inside = points.stream().map(point -> inside(region.inputs(), point)).toList();
    double[] all = inside.stream().flatMapToDouble(Arrays::stream).toArray();
    double[][] outputs = predictor.replay(all, inside.size());
    for (int n = 0; n < outputs.length; n++) {
      double[] x = inside.get(n);
      Optional<Witness> found =
          witness(x, outputs[n]).flatMap(any -> witness(x, predictor.replay(x, 1)[0]));
      if (found.isPresent()) {
        return found;
      }
    }
    return Optional.empty();
  }

  private Optional<Witness> witness(double[] x, double... y) {
    return Witness.of(
        property,
        new Numbers(Format.of(predictor.inputType()), x),
        new Numbers(Format.of(predictor.outputType()), y));
  }

  /** The nearest numbers in the box that the file takes. */
  private double[] inside(InputBox box, double... point) {
    Format format = Format.of(predictor.inputType());
    double[] inside = new double[point.length];
    Arrays.setAll(inside, i -> box.interval(i).nearest(format, point[i]));
    return inside;
  }

  private Optional<Witness> descend(
      Region<InputBox> region, Conjunction wanted, BooleanSupplier expired) {
    BoxSubproblem subproblem = OpenRegion.whole(region);
    if (wanted.constraints().isEmpty()) {
      return confirm(region, List.of(subproblem.center()));
    }
    try (Scope scope = live.scope().child("witness search")) {
      Descent descent = new Descent(scope, subproblem, wanted);
      NDArray point = descent.starts();
      for (int step = 0; step < STEPS && !expired.getAsBoolean(); step++) {
        Moved moved = descent.step(point, FIRST_STEP * (STEPS - step) / STEPS);
        Optional<Witness> found = confirm(region, moved.candidates());
        if (found.isPresent()) {
          return found;
        }
        point.close();
        point = moved.next();
      }
      return confirm(region, split(point));
    }
  }

  private List<double[]> split(NDArray points) {
    double[] all = HostTensor.copyOf(points).toDoubles();
    int length = property.inputs().size();
    List<double[]> each = new ArrayList<>();
    for (int from = 0; from < all.length; from += length) {
      each.add(Arrays.copyOfRange(all, from, from + length));
    }
    return each;
  }

  /** A step's result: points that meet the constraints in float64, and where to go on. */
  private record Moved(List<double[]> candidates, NDArray next) {}

  /** Descent of one conjunction over one box. */
  private final class Descent {
    private final Scope scope;
    private final LiveNetwork inner;
    private final BoxSubproblem subproblem;
    private final NDArray lower;
    private final NDArray upper;
    private final NDArray ofLogits;
    private final NDArray ofOutputs;
    private final NDArray ofInputs;
    private final NDArray constants;

    Descent(Scope scope, BoxSubproblem subproblem, Conjunction wanted) {
      this.scope = scope;
      this.inner = live.detached(scope);
      this.subproblem = subproblem;
      this.lower = scope.tensor(subproblem.lower(), DataType.FLOAT64, shape(1));
      this.upper = scope.tensor(subproblem.upper(), DataType.FLOAT64, shape(1));
      List<LinearConstraint> constraints = wanted.constraints();
      int outputs = property.outputs().size();
      int inputs = property.inputs().size();
      double[] z = new double[outputs * constraints.size()];
      double[] y = new double[outputs * constraints.size()];
      double[] a = new double[inputs * constraints.size()];
      double[] b = new double[constraints.size()];
      for (int r = 0; r < constraints.size(); r++) {
        LinearConstraint one = constraints.get(r);
        b[r] = Fractions.nearest(one.constant());
        boolean linear = Reading.of(one, predictor.ending(), outputs) instanceof Reading.OfLogits;
        fill(linear ? z : y, one.outputs(), r, constraints.size());
        fill(a, one.inputs(), r, constraints.size());
      }
      this.ofLogits = scope.tensor(z, DataType.FLOAT64, outputs, constraints.size());
      this.ofOutputs = scope.tensor(y, DataType.FLOAT64, outputs, constraints.size());
      this.ofInputs = scope.tensor(a, DataType.FLOAT64, inputs, constraints.size());
      this.constants = scope.tensor(b, DataType.FLOAT64, 1, constraints.size());
    }

    /** The centre and random points, {@code [STARTS, ...]}. */
    NDArray starts() {
      int length = subproblem.lower().length;
      double[] points = Arrays.copyOf(subproblem.center(), STARTS * length);
      for (int i = length; i < points.length; i++) {
        double low = subproblem.lower()[i % length];
        double high = subproblem.upper()[i % length];
        points[i] = low + random.nextDouble() * (high - low);
      }
      return scope.tensor(points, DataType.FLOAT64, shape(STARTS));
    }

    Moved step(NDArray point, double size) {
      try (Scope work = scope.child("descent step")) {
        NDArray leaf = work.leaf(point);
        NDArray violations =
            Autograd.recording(
                () -> {
                  NDArray largest = leftSides(leaf).max(new int[] {1});
                  Autograd.backward(largest.sum());
                  return largest.stopGradient();
                });
        NDArray direction = work.constant(Autograd.gradient(leaf)).sign();
        NDArray by = direction.mul(Scalars.times(work.constant(upper).sub(lower), size));
        NDArray next = work.constant(point).sub(by).maximum(lower).minimum(upper);
        return new Moved(candidates(point, violations), scope.adopt(next));
      }
    }

    /** {@code [N, constraints]}. */
    private NDArray leftSides(NDArray points) {
      NDArray logits = Concrete.logits(inner, points);
      NDArray terms =
          switch (predictor.ending()) {
            case LOGITS -> logits.matMul(ofLogits);
            case SOFTMAX -> logits.matMul(ofLogits).add(logits.softmax(1).matMul(ofOutputs));
            case LOG_SOFTMAX -> logits.matMul(ofLogits).add(logits.logSoftmax(1).matMul(ofOutputs));
          };
      NDArray flat = points.reshape(new Shape(points.getShape().get(0), -1));
      return terms.add(flat.matMul(ofInputs)).add(constants);
    }

    private List<double[]> candidates(NDArray points, NDArray violations) {
      double[] largest = HostTensor.copyOf(violations).toDoubles();
      if (Arrays.stream(largest).noneMatch(value -> value <= 0)) {
        return List.of();
      }
      List<double[]> all = split(points);
      List<double[]> met = new ArrayList<>();
      for (int n = 0; n < largest.length; n++) {
        if (largest[n] <= 0) {
          met.add(all.get(n));
        }
      }
      return met;
    }

    private long[] shape(int count) {
      long[] sample = live.network().inputShape().getShape();
      return LongStream.concat(LongStream.of(count), LongStream.of(sample)).toArray();
    }

    private static void fill(
        double[] matrix, List<LinearConstraint.Term> terms, int column, int columns) {
      for (LinearConstraint.Term term : terms) {
        matrix[term.position() * columns + column] = term.nearest();
      }
    }
  }
}

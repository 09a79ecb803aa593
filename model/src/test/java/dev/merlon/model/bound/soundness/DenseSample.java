package dev.merlon.model.bound.soundness;

import dev.merlon.model.bound.soundness.DenseNetwork.Affine;
import dev.merlon.model.bound.soundness.DenseNetwork.AffineKind;
import dev.merlon.model.bound.soundness.DenseNetwork.Join;
import dev.merlon.model.bound.soundness.DenseNetwork.Step;
import dev.merlon.model.bound.soundness.DenseNetwork.Sum;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Boxes and backward bounds of one sample on a dense network, with one mistake planted. Written for
 * clarity; it mirrors the definitions, not our implementation.
 */
final class DenseSample {
  private final DenseNetwork network;
  private final DenseNetwork unpadded;
  private final DenseBall ball;
  private final Fault fault;
  private final List<Ends> boxes = new ArrayList<>();
  private final Map<Integer, Ends> preActivations = new HashMap<>();

  DenseSample(DenseNetwork network, DenseNetwork unpadded, DenseBall ball, Fault fault) {
    this.network = network;
    this.unpadded = unpadded;
    this.ball = ball;
    this.fault = fault;
    propagate();
  }

  /** The box of a value. */
  Ends box(int value) {
    return boxes.get(value);
  }

  /** The pre-activation bounds of a nonlinear step that takes this value. */
  Ends preActivation(int value) {
    return Objects.requireNonNull(preActivations.get(value));
  }

  /**
   * Takes pre-activation bounds from boxes, or, where boxes are not exact, from backward passes.
   */
  void relax(boolean backwards) {
    List<Integer> mixed = new ArrayList<>(List.of(0));
    for (int value = 1; value <= network.steps().size(); value++) {
      Step step = network.steps().get(value - 1);
      if (step instanceof Affine affine) {
        int more = affine.kind() == AffineKind.WEIGHTED ? 1 : 0;
        mixed.add(affine.kind() == AffineKind.MEAN ? 2 : mixed.get(affine.operand()) + more);
      } else {
        mixed.add(2);
      }
      if (step instanceof DenseNonlinear nonlinear) {
        int operand = nonlinear.operand();
        boolean tighten = backwards && mixed.get(operand) > 1;
        preActivations.put(operand, tighten ? tighter(operand) : box(operand));
      }
    }
  }

  // A value that a nonlinear step computes lies in the image of that step's operand.
  private Ends tighter(int value) {
    return value > 0 && network.steps().get(value - 1) instanceof DenseNonlinear before
        ? before.image(preActivation(before.operand()), fault)
        : ends(value);
  }

  /** Ends of every neuron of a value by backward passes. */
  Ends ends(int value) {
    int width = network.widths().get(value);
    double[] upper = lower(value, Dense.identity(width, -1));
    return new Ends(lower(value, Dense.identity(width, 1)), Dense.negated(upper));
  }

  /** Lower bounds of rows on a value. */
  double[] lower(int value, double[][] rows) {
    Map<Integer, double[][]> coefficients = new HashMap<>(Map.of(value, rows));
    double[] constant = new double[rows.length];
    for (int id = value; id > 0; id--) {
      double[][] a = coefficients.remove(id);
      if (a != null) {
        back(network.steps().get(id - 1), id, a, coefficients, constant);
      }
    }
    return Dense.sum(constant, ball.minimum(Objects.requireNonNull(coefficients.get(0)), fault));
  }

  /** Lower bounds of rows on the output from the box of the last layer's operand. */
  double[] merged(double[][] rows) {
    Affine last = (Affine) network.steps().get(network.steps().size() - 1);
    double[][] merged = Dense.product(rows, last.matrix());
    Ends in = box(last.operand());
    double[] center = Dense.sum(Dense.times(merged, in.middle()), Dense.times(rows, last.offset()));
    return Dense.sum(center, Dense.negated(Dense.times(radii(merged), in.halfWidth())));
  }

  private void back(
      Step step, int id, double[][] a, Map<Integer, double[][]> to, double[] constant) {
    if (step instanceof Affine affine) {
      add(constant, Dense.times(a, affine.offset()));
      boolean skip =
          fault == Fault.NORMALISATION_SKIPPED && affine.kind() == AffineKind.NORMALISATION;
      Affine used =
          fault == Fault.PADDING_IGNORED_ADJOINT ? (Affine) unpadded.steps().get(id - 1) : affine;
      if (skip) {
        // The centre is right, only the radius is that of the normalised space.
        double[] right = Dense.times(Dense.product(a, affine.matrix()), ball.center());
        add(constant, Dense.sum(right, Dense.negated(Dense.times(a, ball.center()))));
      }
      put(to, affine.operand(), skip ? a : Dense.product(a, used.matrix()));
    } else if (step instanceof Sum sum) {
      put(to, sum.left(), a);
      put(to, sum.right(), a);
    } else if (step instanceof Join join) {
      for (int i = 0; i < join.operands().size(); i++) {
        put(to, join.operands().get(i), Dense.product(a, join.parts().get(i)));
      }
    } else if (step instanceof DenseNonlinear nonlinear) {
      Ends operand = preActivation(nonlinear.operand());
      put(to, nonlinear.operand(), nonlinear.back(a, operand, constant, fault));
    }
  }

  private void put(Map<Integer, double[][]> to, int value, double[][] more) {
    boolean overwrite = fault == Fault.FORK_OVERWRITTEN;
    to.merge(value, more, (known, added) -> overwrite ? added : Dense.sum(known, added));
  }

  private void propagate() {
    boxes.add(ball.box(fault));
    List<double[][]> fromInput = new ArrayList<>();
    fromInput.add(ball.isBox() ? new double[0][] : Dense.identity(network.widths().get(0), 1));
    for (int id = 1; id <= network.steps().size(); id++) {
      Step step = network.steps().get(id - 1);
      double[][] map = new double[0][];
      if (step instanceof Affine affine) {
        Affine moved =
            fault == Fault.PADDING_IGNORED_FORWARD ? (Affine) unpadded.steps().get(id - 1) : affine;
        boolean skip =
            fault == Fault.NORMALISATION_SKIPPED && affine.kind() == AffineKind.NORMALISATION;
        double[][] matrix = skip ? Dense.identity(affine.offset().length, 1) : moved.matrix();
        Ends image = affine(affine, matrix);
        double[][] before = fromInput.get(affine.operand());
        if (before.length > 0 && affine.kind() == AffineKind.WEIGHTED) {
          image = ball.tighten(image, Dense.product(matrix, before), fault);
        } else if (before.length > 0 && affine.kind() != AffineKind.MEAN) {
          map = Dense.product(matrix, before);
        }
        boxes.add(fault == Fault.ENDS_SWAPPED ? image.exchanged() : image);
      } else if (step instanceof Sum sum) {
        Ends left = box(sum.left());
        Ends right = box(sum.right());
        boxes.add(
            new Ends(
                Dense.sum(left.lower(), right.lower()), Dense.sum(left.upper(), right.upper())));
      } else if (step instanceof Join join) {
        boxes.add(joined(join));
      } else if (step instanceof DenseNonlinear nonlinear) {
        boxes.add(nonlinear.image(box(nonlinear.operand()), fault));
      }
      fromInput.add(map);
    }
  }

  private Ends joined(Join join) {
    double[] lower = new double[join.parts().get(0).length];
    double[] upper = lower.clone();
    for (int i = 0; i < join.operands().size(); i++) {
      Ends operand = box(join.operands().get(i));
      add(lower, Dense.times(join.parts().get(i), operand.lower()));
      add(upper, Dense.times(join.parts().get(i), operand.upper()));
    }
    return new Ends(lower, upper);
  }

  private Ends affine(Affine affine, double[][] radiusMatrix) {
    Ends in = box(affine.operand());
    double[] center = Dense.sum(Dense.times(affine.matrix(), in.middle()), affine.offset());
    double[] radius = Dense.times(radii(radiusMatrix), in.halfWidth());
    return new Ends(Dense.sum(center, Dense.negated(radius)), Dense.sum(center, radius));
  }

  private double[][] radii(double[][] matrix) {
    return fault == Fault.ABSOLUTE_WEIGHT_DROPPED ? matrix : Dense.absolute(matrix);
  }

  private static void add(double[] to, double... more) {
    for (int i = 0; i < to.length; i++) {
      to[i] += more[i];
    }
  }
}

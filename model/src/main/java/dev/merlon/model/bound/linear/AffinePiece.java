package dev.merlon.model.bound.linear;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import dev.merlon.model.bound.box.InputSet;
import dev.merlon.model.network.LiveNetwork;
import dev.merlon.model.tensor.Autograd;
import dev.merlon.model.tensor.HostTensor;
import dev.merlon.model.tensor.Scope;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The neurons of a value of a network as affine functions of the input and of the values of
 * nonlinear operations: what lies between two nonlinear operations, written out. For small networks
 * only.
 *
 * @param coefficients by number of the value that they are on (0 is the input): a row for each
 *     neuron
 * @param constants one for each neuron
 */
@SuppressWarnings("ArrayRecordComponent") // Handed over, never compared.
public record AffinePiece(Map<Integer, double[][]> coefficients, double[] constants) {

  /**
   * All neurons of a value.
   *
   * @param live float64 tensors
   * @param value its number
   */
  public static AffinePiece of(LiveNetwork live, int value) {
    try (Scope scope = live.scope().child("affine piece")) {
      return Autograd.withoutGradients(() -> of(live.detached(scope), value, scope));
    }
  }

  private static AffinePiece of(LiveNetwork live, int value, Scope scope) {
    Shape shape = live.network().shape(value);
    int width = Math.toIntExact(shape.size());
    NDArray rows =
        scope
            .manager()
            .eye(width)
            .toType(live.type(), false)
            .reshape(new Shape(1, width).addAll(shape));
    NDArray nowhere =
        scope.manager().zeros(new Shape(1).addAll(live.network().inputShape()), live.type());
    LinearForm form =
        new BackwardPass(
                live,
                Map.of(),
                InputSet.between(nowhere, nowhere),
                Optional.empty(),
                Optional.empty())
            .toNonlinear(value, rows, scope);
    Map<Integer, double[][]> coefficients = new HashMap<>();
    form.coefficients().forEach((id, a) -> coefficients.put(id, rows(a, width)));
    return new AffinePiece(coefficients, HostTensor.copyOf(form.constant()).toDoubles());
  }

  private static double[][] rows(NDArray a, int count) {
    double[] flat = HostTensor.copyOf(a).toDoubles();
    int length = flat.length / count;
    double[][] rows = new double[count][length];
    for (int r = 0; r < count; r++) {
      System.arraycopy(flat, r * length, rows[r], 0, length);
    }
    return rows;
  }
}

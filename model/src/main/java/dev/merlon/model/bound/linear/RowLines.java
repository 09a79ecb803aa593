package dev.merlon.model.bound.linear;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import dev.merlon.model.norm.Rows;
import dev.merlon.model.tensor.Scalars;
import dev.merlon.model.tensor.Windows;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Lines around a layer of rectifiers of one sample that are each function's own where a neuron is
 * unstable: the lower slope is a parameter (alpha-CROWN, Xu et al. 2021), and a term may be added
 * to the coefficients on the operand that is not positive where it counts (beta-CROWN, Wang et al.
 * 2021: the multiplier of a neuron that is split, times the sign that its half gives it).
 *
 * <p>Every slope between the rectifier's own below 0 and 1 bounds an unstable neuron from below;
 * whoever makes the lines sees to that, and to a neuron that is split having its own line for both.
 *
 * @param places of the unstable neurons among the layer's, {@code int64 [1, 1, U]}
 * @param others slopes of the stable neurons, 0 for the unstable, {@code [1, 1, W]}
 * @param lowerSlope {@code [1, R, U]}
 * @param upperSlope {@code [1, R or 1, U]}
 * @param upperIntercept {@code [1, R or 1, U]}
 * @param terms added to the coefficients on the unstable neurons' operands, {@code [1, R, U]}
 * @param roundings what adding a term of 1 may cost, {@code [1, 1, U]}
 * @param watcher is shown the coefficients on the unstable neurons' values, {@code [1, R, U]}
 */
public record RowLines(
    NDArray places,
    NDArray others,
    NDArray lowerSlope,
    NDArray upperSlope,
    NDArray upperIntercept,
    Optional<NDArray> terms,
    NDArray roundings,
    Consumer<NDArray> watcher)
    implements Relaxation {

  @Override
  public NDArray adjoint(NDArray a, LinearForm form) {
    NDArray all = Rows.flattened(a).values();
    Shape shape = all.getShape();
    NDArray index = places.broadcast(new Shape(1, shape.get(1), places.getShape().get(2)));
    NDArray here = all.gather(index, 2);
    watcher.accept(here);
    NDArray negative = Scalars.atMost(here, 0);
    form.addConstant(negative.mul(upperIntercept).sum(new int[] {2}));
    NDArray lines = here.sub(negative).mul(lowerSlope).add(negative.mul(upperSlope));
    NDArray onOperand = terms.map(lines::add).orElse(lines);
    terms.ifPresent(added -> form.addConstant(added.abs().mul(roundings).sum(new int[] {2}).neg()));
    return all.mul(others).add(Windows.addAt(onOperand, index, shape.get(2))).reshape(a.getShape());
  }
}

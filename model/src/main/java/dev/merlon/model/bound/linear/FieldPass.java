package dev.merlon.model.bound.linear;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import dev.merlon.model.bound.box.Box;
import dev.merlon.model.bound.box.InputSet;
import dev.merlon.model.network.Network;
import dev.merlon.model.network.operation.Conv2d;
import dev.merlon.model.tensor.Convolution.Extent;
import dev.merlon.model.tensor.Convolution.Geometry;
import dev.merlon.model.tensor.Lookup;
import dev.merlon.model.tensor.Scope;
import dev.merlon.model.tensor.Windows;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * A backward pass for single neurons behind convolutions that goes through their receptive fields
 * alone, each neuron being a sample of its own: the same bounds from a fraction of the
 * coefficients, for all that is left out is 0. Relaxations, inputs and rounding errors are those of
 * the whole pass, looked up window by window.
 */
final class FieldPass {
  private final BackwardPass whole;
  private final Fields fields;
  private final int value;
  private final Scope scope;
  private final Map<Integer, Lines> lines = new HashMap<>();
  private final Map<Integer, NDArray> errors = new HashMap<>();
  private final Map<Integer, NDArray> planes = new HashMap<>();
  private final InputSet input;

  /**
   * The pass for neurons of a value.
   *
   * @param whole whose relaxations reach from the value to the input
   * @param fields of the value's neurons
   * @param scope owner of the windows
   */
  FieldPass(BackwardPass whole, Fields fields, int value, Scope scope) {
    this.whole = whole;
    this.fields = fields;
    this.value = value;
    this.scope = scope;
    this.input = whole.input().in(scope).map(x -> windows(0, x));
    whole
        .relaxations()
        .forEach(
            (id, relaxation) -> {
              if (id <= value && fields.byValue().containsKey(id)) {
                lines.put(id, ((Lines) relaxation).map(t -> windows(id, scope.view(t))));
              }
            });
    for (int id : fields.byValue().keySet()) {
      if (fields.in(id).overhangs()) {
        Shape plane = new Shape(1, 1).addAll(network().shape(id).slice(1));
        planes.put(id, windows(id, scope.manager().ones(plane, whole.x().getDataType())));
      }
    }
  }

  /** Lower bounds of neurons, {@code [R]}, and of their negatives; owned by {@code work}. */
  Box bounds(SingleNeurons neurons, Scope work) {
    BackwardPass pass = of(neurons, work);
    NDArray rows = neurons.channels(work, network().shape(value), whole.x().getDataType());
    NDArray below = work.adopt(pass.lower(value, rows)).reshape(-1);
    NDArray above = work.adopt(pass.lower(value, rows.neg())).reshape(-1).neg();
    return Box.between(below, above);
  }

  private BackwardPass of(SingleNeurons neurons, Scope work) {
    NDArray places = neurons.places(work, network().shape(value));
    UnaryOperator<NDArray> seen = windows -> work.adopt(Lookup.rows(windows, places));
    Map<Integer, Relaxation> relaxations = new HashMap<>();
    lines.forEach((id, all) -> relaxations.put(id, all.map(seen)));
    Optional<RoundingErrors> rounding =
        whole.rounding().map(all -> all.seen((id, each) -> seen.apply(errorWindows(id, each))));
    return new BackwardPass(
        whole.live(),
        relaxations,
        input.map(seen),
        Optional.empty(),
        rounding,
        new Part(fields, masks(neurons, work)));
  }

  /** What keeps the coefficients that are on the planes, {@code [R, 1, 1, h, w]} by value. */
  private Map<Integer, NDArray> masks(SingleNeurons neurons, Scope work) {
    NDArray places = neurons.ofOneSample().places(work, network().shape(value));
    Map<Integer, NDArray> masks = new HashMap<>();
    planes.forEach((id, all) -> masks.put(id, work.adopt(Lookup.rows(all, places)).expandDims(1)));
    return masks;
  }

  private NDArray errorWindows(int id, NDArray each) {
    NDArray known = errors.get(id);
    if (known == null) {
      Shape shape = new Shape(each.getShape().get(0)).addAll(network().shape(id));
      known = scope.adopt(windows(id, scope.view(each).reshape(shape)));
      errors.put(id, known);
    }
    return known;
  }

  /** All windows of {@code [N, C, H, W]} in a value, {@code [N * H' * W', C, h, w]}. */
  private NDArray windows(int id, NDArray x) {
    Windows windows = fields.in(id).windows();
    NDArray unfolded = windows.unfold(x);
    // One for each place of the neurons' plane: no row of it is left over.
    Shape places = network().shape(value).slice(1);
    if (!unfolded.getShape().slice(3).equals(places)) {
      throw new IllegalStateException("windows " + unfolded.getShape() + " of places " + places);
    }
    return unfolded
        .transpose(0, 3, 4, 1, 2)
        .reshape(-1, x.getShape().get(1), windows.kernel().height(), windows.kernel().width());
  }

  private Network network() {
    return whole.live().network();
  }

  /**
   * The fields of some neurons.
   *
   * @param masks 1 on the planes and 0 beyond, for values whose fields reach there
   */
  private record Part(Fields fields, Map<Integer, NDArray> masks) implements Frame {
    @Override
    public Shape shape(int id) {
      return fields.shape(id);
    }

    @Override
    public Conv2d between(Conv2d operation) {
      Geometry geometry = operation.geometry();
      Geometry inside =
          new Geometry(geometry.stride(), Extent.square(0), geometry.dilation(), geometry.groups());
      return new Conv2d(
          operation.in(), operation.out(), operation.kernel(), inside, operation.bias());
    }

    @Override
    public NDArray withoutPadding(int id, NDArray a) {
      return Optional.ofNullable(masks.get(id)).map(a::mul).orElse(a);
    }
  }
}

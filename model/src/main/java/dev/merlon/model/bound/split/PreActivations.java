package dev.merlon.model.bound.split;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.merlon.model.bound.box.Box;
import dev.merlon.model.bound.box.BoxPropagation;
import dev.merlon.model.bound.box.BoxTrace;
import dev.merlon.model.bound.box.InputSet;
import dev.merlon.model.bound.box.RoundedMap;
import dev.merlon.model.bound.box.Rounding;
import dev.merlon.model.bound.linear.CrownBounds;
import dev.merlon.model.bound.linear.CrownOptions;
import dev.merlon.model.bound.linear.MixingDepth;
import dev.merlon.model.bound.linear.Neurons;
import dev.merlon.model.bound.linear.UnstableMask;
import dev.merlon.model.network.LiveNetwork;
import dev.merlon.model.network.Node;
import dev.merlon.model.network.operation.Nonlinear;
import dev.merlon.model.tensor.Autograd;
import dev.merlon.model.tensor.HostTensor;
import dev.merlon.model.tensor.Scope;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Bounds of the operands of nonlinear operations over one sample's set. The tensors belong to a
 * scope of the caller.
 *
 * @param trace boxes of all values, which say what rounding may cost
 * @param boxes {@code [1, ...]} by number of the value
 */
public record PreActivations(BoxTrace trace, Map<Integer, Box> boxes) {
  /** Copies the map. */
  public PreActivations {
    boxes = Map.copyOf(boxes);
  }

  /**
   * CROWN's bounds.
   *
   * @param input one sample's set
   */
  public static PreActivations crown(
      LiveNetwork live, InputSet input, CrownOptions options, Scope owner) {
    return Autograd.withoutGradients(
        () -> {
          Map<Integer, Box> boxes = new HashMap<>();
          try (CrownBounds bounds = CrownBounds.of(live, input, options)) {
            for (Node node : live.network().nonlinear()) {
              Box box = bounds.preActivation(node);
              boxes.put(
                  node.inputs().get(0),
                  Box.between(owner.constant(box.lower()), owner.constant(box.upper())));
            }
          }
          BoxTrace trace = BoxPropagation.over(live, input.in(owner), options.rounding());
          return new PreActivations(trace, boxes);
        });
  }

  /**
   * The boxes in Java memory.
   *
   * @param lower lower corners by number of the value
   * @param upper upper corners
   */
  public record Saved(Map<Integer, HostTensor> lower, Map<Integer, HostTensor> upper) {}

  /** A copy in Java memory. */
  public Saved saved() {
    Map<Integer, HostTensor> lower = new HashMap<>();
    Map<Integer, HostTensor> upper = new HashMap<>();
    boxes.forEach(
        (value, box) -> {
          lower.put(value, HostTensor.copyOf(box.lower()));
          upper.put(value, HostTensor.copyOf(box.upper()));
        });
    return new Saved(lower, upper);
  }

  /**
   * The bounds that were saved.
   *
   * @param input the set that they are for
   */
  public static PreActivations restored(
      Saved saved, LiveNetwork live, InputSet input, Rounding rounding, Scope owner) {
    Map<Integer, Box> boxes = new HashMap<>();
    saved
        .lower()
        .forEach(
            (value, lower) -> {
              HostTensor upper = Optional.ofNullable(saved.upper().get(value)).orElseThrow();
              boxes.put(value, Box.between(owner.tensor(lower), owner.tensor(upper)));
            });
    BoxTrace trace =
        Autograd.withoutGradients(() -> BoxPropagation.over(live, input.in(owner), rounding));
    return new PreActivations(trace, boxes);
  }

  /** How they are improved. */
  public record Improvement(SlopeSettings settings, long coefficients, BooleanSupplier expired) {}

  /**
   * These bounds improved by alpha-CROWN (Xu et al. 2021), nowhere looser: layer by layer, every
   * neuron that they leave open is bounded again with slopes of its own, over the bounds of the
   * layers below as they have become. What is not reached before time is up stays.
   */
  public PreActivations improved(LiveNetwork live, InputSet input, Improvement how, Scope owner) {
    List<Boolean> exact = MixingDepth.exact(live.network());
    Map<Integer, Box> better = new HashMap<>();
    for (Node node : live.network().nonlinear()) {
      int value = node.inputs().get(0);
      if (better.containsKey(value)) {
        continue;
      }
      Box box = Optional.ofNullable(boxes.get(value)).orElseThrow();
      boolean stays = exact.get(value) || how.expired().getAsBoolean();
      better.put(value, stays ? box : improved(live, input, node, better, how, owner));
    }
    return new PreActivations(trace, better);
  }

  private Box improved(
      LiveNetwork live,
      InputSet input,
      Node node,
      Map<Integer, Box> below,
      Improvement how,
      Scope owner) {
    int value = node.inputs().get(0);
    Box box = Optional.ofNullable(boxes.get(value)).orElseThrow();
    Node computing = live.network().node(value);
    try (Scope work = owner.child("improved bounds")) {
      if (computing.operation() instanceof Nonlinear operation) {
        Box from = Optional.ofNullable(below.get(computing.inputs().get(0))).orElseThrow();
        Box aliases = Box.between(work.constant(from.lower()), work.constant(from.upper()));
        Box image = RoundedMap.of(operation, aliases, trace.rounding());
        Box both = image.intersect(box);
        return Box.between(owner.adopt(both.lower()), owner.adopt(both.upper()));
      }
      Box here = Box.between(work.constant(box.lower()), work.constant(box.upper()));
      NDArray open = ((Nonlinear) node.operation()).acceptNonlinear(new UnstableMask(work), here);
      Ends ends = Ends.of(box);
      try (SplitBounds bounds =
          SplitBounds.over(live, input, new PreActivations(trace, below), how.coefficients())) {
        Neurons neurons = Neurons.marked(open);
        for (Neurons chunk : neurons.chunks(bounds.rowsAtOnce(value))) {
          if (how.expired().getAsBoolean()) {
            break;
          }
          ends.tighten(bounds, value, live.network().shape(value), chunk, how, work);
        }
      }
      return ends.box(box.lower(), owner);
    }
  }

  /** Bounds of one layer's neurons while they are improved. */
  @SuppressWarnings("ArrayRecordComponent") // Written to, never compared.
  private record Ends(double[] lower, double[] upper) {
    static Ends of(Box box) {
      return new Ends(
          HostTensor.copyOf(box.lower()).toDoubles(), HostTensor.copyOf(box.upper()).toDoubles());
    }

    void tighten(
        SplitBounds bounds, int value, Shape shape, Neurons chunk, Improvement how, Scope owner) {
      int[] neurons = chunk.perSample().get(0);
      List<Subproblem> whole = Collections.nCopies(neurons.length, bounds.whole());
      try (Scope work = owner.child("neurons")) {
        NDArray single = chunk.rows(work, bounds.type());
        NDArray rows = single.reshape(new Shape(1, neurons.length).addAll(shape));
        List<SplitBounds.Bounded> below =
            bounds.maximise(value, rows, whole, how.settings(), how.expired());
        List<SplitBounds.Bounded> above =
            bounds.maximise(value, rows.neg(), whole, how.settings(), how.expired());
        for (int i = 0; i < neurons.length; i++) {
          lower[neurons[i]] = Math.max(lower[neurons[i]], below.get(i).lower());
          upper[neurons[i]] = Math.min(upper[neurons[i]], -above.get(i).lower());
        }
      }
    }

    Box box(NDArray like, Scope owner) {
      DataType type = like.getDataType();
      long[] shape = like.getShape().getShape();
      return Box.between(owner.tensor(lower, type, shape), owner.tensor(upper, type, shape));
    }
  }
}

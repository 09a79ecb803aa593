package dev.merlon.model.network.operation;

import ai.djl.ndarray.types.Shape;
import java.util.List;

/** A nonlinear function of each neuron alone. */
public sealed interface Activation extends Nonlinear permits Relu, LeakyRelu, Sigmoid, Tanh {
  @Override
  default Shape outputShape(List<Shape> inputs) {
    return inputs.get(0);
  }

  /** Whether its slope changes at 0 and nowhere else, so that a neuron is active or not. */
  boolean isRectifier();
}

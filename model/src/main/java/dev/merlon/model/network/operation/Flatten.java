package dev.merlon.model.network.operation;

import ai.djl.ndarray.types.Shape;
import java.util.List;

/** All axes but the batch made one, last axis fastest. */
public record Flatten() implements Rearrangement {
  @Override
  public Shape outputShape(List<Shape> inputs) {
    return new Shape(inputs.get(0).size());
  }
}

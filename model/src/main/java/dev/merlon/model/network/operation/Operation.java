package dev.merlon.model.network.operation;

import ai.djl.ndarray.types.Shape;
import java.util.List;

/**
 * One operation of a network: a value that says what is computed, without tensors. Shapes here are
 * those of one sample, without the batch axis.
 *
 * <p>A new operation is one new record, named in this list and in {@link OperationVisitor} (a
 * nonlinear one in those of {@link Nonlinear}); the compiler then names every interpretation that
 * lacks it.
 */
public sealed interface Operation
    permits Normalize,
        Conv2d,
        Linear,
        BatchNorm,
        Nonlinear,
        AveragePool,
        GlobalAveragePool,
        Add,
        Concat,
        Elementwise,
        Pad,
        Rearrangement {

  /** Calls the method of {@code visitor} for this operation. */
  <C, R> R accept(OperationVisitor<C, R> visitor, C context);

  /**
   * Shape of the result for operands of these shapes.
   *
   * @throws ShapeMismatch when the operation does not take such operands
   */
  Shape outputShape(List<Shape> inputs);

  /** The tensors that the operation needs, in a fixed order. */
  default List<ParameterSpec> parameters() {
    return List.of();
  }

  /** Number of operands. */
  default int arity() {
    return 1;
  }
}

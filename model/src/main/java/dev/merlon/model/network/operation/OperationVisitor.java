package dev.merlon.model.network.operation;

/**
 * What an interpretation does for each kind of operation.
 *
 * @param <C> what the interpretation needs to know about the place in the network
 * @param <R> what it gives
 */
public interface OperationVisitor<C, R> {
  /** Channel-wise normalisation with constants. */
  R normalize(Normalize operation, C context);

  /** Two-dimensional convolution. */
  R conv2d(Conv2d operation, C context);

  /** Fully connected layer. */
  R linear(Linear operation, C context);

  /** Batch normalisation. */
  R batchNorm(BatchNorm operation, C context);

  /** Activation or max pool; see {@link NonlinearVisitor} for one method a kind. */
  R nonlinear(Nonlinear operation, C context);

  /** Mean of each window. */
  R averagePool(AveragePool operation, C context);

  /** Mean of each channel. */
  R globalAveragePool(GlobalAveragePool operation, C context);

  /** Sum of two operands. */
  R add(Add operation, C context);

  /** Several operands one after the other. */
  R concat(Concat operation, C context);

  /** Arithmetic with a constant for each value. */
  R elementwise(Elementwise operation, C context);

  /** Constant padding. */
  R pad(Pad operation, C context);

  /** The same values in other places. */
  R rearrange(Rearrangement operation, C context);
}

package dev.merlon.model.network.operation;

/** An operation that gives its operand's values in other places, without any arithmetic. */
public sealed interface Rearrangement extends Operation permits Flatten, Reshape, Transpose {
  @Override
  default <C, R> R accept(OperationVisitor<C, R> visitor, C context) {
    return visitor.rearrange(this, context);
  }
}

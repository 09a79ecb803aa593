package dev.merlon.model.bound.linear;

import ai.djl.ndarray.NDArray;
import dev.merlon.model.bound.box.Box;
import dev.merlon.model.network.operation.LeakyRelu;
import dev.merlon.model.network.operation.MaxPool;
import dev.merlon.model.network.operation.NonlinearVisitor;
import dev.merlon.model.network.operation.Relu;
import dev.merlon.model.network.operation.Sigmoid;
import dev.merlon.model.network.operation.Tanh;
import dev.merlon.model.tensor.Scope;

/**
 * Which neurons of an operand decide how tight the relaxation of a nonlinear operation is, as
 * booleans {@code [N, ...]}: for the others the relaxation over these bounds is exact.
 *
 * @param scope owner of the masks
 */
public record UnstableMask(Scope scope) implements NonlinearVisitor<Box, NDArray> {
  @Override
  public NDArray relu(Relu operation, Box operand) {
    return RectifierLines.unstable(operand.lower(), operand.upper());
  }

  @Override
  public NDArray leakyRelu(LeakyRelu operation, Box operand) {
    return RectifierLines.unstable(operand.lower(), operand.upper());
  }

  @Override
  public NDArray sigmoid(Sigmoid operation, Box operand) {
    return operand.lower().lt(operand.upper());
  }

  @Override
  public NDArray tanh(Tanh operation, Box operand) {
    return operand.lower().lt(operand.upper());
  }

  @Override
  public NDArray maxPool(MaxPool operation, Box operand) {
    return Selection.open(operand, operation.windows(), scope);
  }
}

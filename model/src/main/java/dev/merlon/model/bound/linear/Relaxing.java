package dev.merlon.model.bound.linear;

import dev.merlon.model.bound.box.Box;
import dev.merlon.model.network.operation.LeakyRelu;
import dev.merlon.model.network.operation.MaxPool;
import dev.merlon.model.network.operation.NonlinearVisitor;
import dev.merlon.model.network.operation.Relu;
import dev.merlon.model.network.operation.Sigmoid;
import dev.merlon.model.network.operation.Tanh;
import dev.merlon.model.tensor.Scope;

/**
 * Relaxations of nonlinear operations over the boxes of their operands.
 *
 * @param slope lower line of unstable rectifiers
 * @param scope owner of the relaxations
 */
public record Relaxing(LowerSlope slope, Scope scope) implements NonlinearVisitor<Box, Relaxation> {
  @Override
  public Relaxation relu(Relu operation, Box operand) {
    return RectifierLines.of(operand, 0, slope, scope);
  }

  @Override
  public Relaxation leakyRelu(LeakyRelu operation, Box operand) {
    return RectifierLines.of(operand, operation.slope(), slope, scope);
  }

  @Override
  public Relaxation sigmoid(Sigmoid operation, Box operand) {
    return CurveLines.of(operand, SCurve.SIGMOID, scope);
  }

  @Override
  public Relaxation tanh(Tanh operation, Box operand) {
    return CurveLines.of(operand, SCurve.TANH, scope);
  }

  @Override
  public Relaxation maxPool(MaxPool operation, Box operand) {
    return Selection.of(operand, operation.windows(), scope);
  }
}

package dev.merlon.model.network;

import ai.djl.ndarray.NDArray;
import dev.merlon.model.network.operation.LeakyRelu;
import dev.merlon.model.network.operation.MaxPool;
import dev.merlon.model.network.operation.Nonlinear;
import dev.merlon.model.network.operation.NonlinearVisitor;
import dev.merlon.model.network.operation.Relu;
import dev.merlon.model.network.operation.Sigmoid;
import dev.merlon.model.network.operation.Tanh;
import dev.merlon.model.tensor.Scalars;

/** The arithmetic of nonlinear operations, once for all interpretations. */
public final class NonlinearMap {
  private static final NonlinearVisitor<NDArray, NDArray> VALUES = new Values();

  private NonlinearMap() {}

  /** The operation applied to {@code x [N, ...]}. */
  public static NDArray apply(Nonlinear operation, NDArray x) {
    return operation.acceptNonlinear(VALUES, x);
  }

  private static final class Values implements NonlinearVisitor<NDArray, NDArray> {
    @Override
    public NDArray relu(Relu operation, NDArray x) {
      return Scalars.positivePart(x);
    }

    // Exact on both sides of 0, unlike a sum of multiples of x and its positive part.
    @Override
    public NDArray leakyRelu(LeakyRelu operation, NDArray x) {
      NDArray negative = Scalars.positivePart(x.neg());
      return Scalars.positivePart(x).sub(Scalars.times(negative, operation.slope()));
    }

    @Override
    public NDArray sigmoid(Sigmoid operation, NDArray x) {
      return Scalars.sigmoid(x);
    }

    @Override
    public NDArray tanh(Tanh operation, NDArray x) {
      return Scalars.tanh(x);
    }

    @Override
    public NDArray maxPool(MaxPool operation, NDArray x) {
      return operation.windows().maximum(x);
    }
  }
}

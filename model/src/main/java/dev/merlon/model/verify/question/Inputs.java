package dev.merlon.model.verify.question;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import dev.merlon.model.network.LiveNetwork;
import dev.merlon.model.tensor.Scope;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;

/** The inputs of queries as arrays and tensors, and what makes a query impossible to work on. */
public final class Inputs {
  private Inputs() {}

  /** The inputs one after another. */
  public static float[] concatenate(List<float[]> inputs) {
    int length = inputs.get(0).length;
    float[] all = new float[inputs.size() * length];
    for (int n = 0; n < inputs.size(); n++) {
      System.arraycopy(inputs.get(n), 0, all, n * length, length);
    }
    return all;
  }

  /** {@code [count, C, H, W]} in the network's element type; float32 widens exactly. */
  public static NDArray tensor(Scope scope, LiveNetwork live, float[] inputs, int count) {
    long[] sample = live.network().inputShape().getShape();
    long[] batch = LongStream.concat(LongStream.of(count), LongStream.of(sample)).toArray();
    return scope.tensor(inputs, live.type(), batch);
  }

  /** Why no verifier can work on a query, if so. */
  public static Optional<String> problem(Query query, Shape input, int classes) {
    if (query.x().length != input.size()) {
      return Optional.of(
          "the input has " + query.x().length + " values where the model takes " + input);
    }
    if (query.label() < 0 || query.label() >= classes) {
      return Optional.of("label " + query.label() + " of a model of " + classes + " classes");
    }
    return query.set().problem(query.x());
  }
}

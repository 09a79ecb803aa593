package dev.merlon.model.attack;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.merlon.model.network.LiveNetwork;
import dev.merlon.model.network.Network;
import dev.merlon.model.network.operation.Flatten;
import dev.merlon.model.network.operation.Linear;
import dev.merlon.model.network.operation.Relu;
import dev.merlon.model.tensor.Scope;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;

/** One hidden layer of rectifiers, for the engine and in plain Java. */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
record ToyNetwork(int inputs, int hidden, int classes, Map<String, double[]> weights) {
  static ToyNetwork drawn(int inputs, int hidden, int classes, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Map<String, double[]> weights = new LinkedHashMap<>();
    weights.put("hidden.weight", draws(random, hidden * inputs, 2));
    weights.put("hidden.bias", draws(random, hidden, 1));
    weights.put("logits.weight", draws(random, classes * hidden, 1));
    weights.put("logits.bias", draws(random, classes, 0.5));
    return new ToyNetwork(inputs, hidden, classes, weights);
  }

  private static double[] draws(SplittableRandom random, int count, double size) {
    return random.doubles(count, -size, size).toArray();
  }

  LiveNetwork live(DataType type, Scope scope) {
    Network.Builder builder = Network.builder(new Shape(1, 1, inputs));
    builder.append("flatten", new Flatten());
    builder.append("hidden", new Linear(inputs, hidden, true));
    builder.append("relu", new Relu());
    builder.append("logits", new Linear(hidden, classes, true));
    Map<String, NDArray> owned = new LinkedHashMap<>();
    weights.forEach(
        (name, values) ->
            owned.put(
                name,
                name.endsWith("bias")
                    ? scope.tensor(values, type, values.length)
                    : scope.tensor(
                        values,
                        type,
                        name.startsWith("hidden") ? hidden : classes,
                        name.startsWith("hidden") ? inputs : hidden)));
    return LiveNetwork.over(builder.build(), owned, scope, false);
  }

  double[] logits(double... x) {
    double[] before = times("hidden", x, hidden);
    return times("logits", Arrays.stream(before).map(v -> Math.max(0, v)).toArray(), classes);
  }

  /** The cross-entropy of a label. */
  PlainApgd.Function crossEntropy(int label) {
    return new PlainApgd.Function() {
      @Override
      public double value(double... x) {
        double[] logits = logits(x);
        return Math.log(Arrays.stream(logits).map(Math::exp).sum()) - logits[label];
      }

      @Override
      public double[] gradient(double... x) {
        double[] logits = logits(x);
        double sum = Arrays.stream(logits).map(Math::exp).sum();
        double[] slope = Arrays.stream(logits).map(z -> Math.exp(z) / sum).toArray();
        slope[label] -= 1;
        return backwards(slope, x);
      }
    };
  }

  private double[] backwards(double[] slope, double[] x) {
    double[] before = times("hidden", x, hidden);
    double[] result = new double[inputs];
    for (int h = 0; h < hidden; h++) {
      double there = 0;
      for (int k = 0; k < classes; k++) {
        there += slope[k] * weights.get("logits.weight")[k * hidden + h];
      }
      for (int i = 0; i < inputs && before[h] > 0; i++) {
        result[i] += there * weights.get("hidden.weight")[h * inputs + i];
      }
    }
    return result;
  }

  private double[] times(String layer, double[] x, int rows) {
    double[] result = weights.get(layer + ".bias").clone();
    for (int r = 0; r < rows; r++) {
      for (int i = 0; i < x.length; i++) {
        result[r] += weights.get(layer + ".weight")[r * x.length + i] * x[i];
      }
    }
    return result;
  }
}

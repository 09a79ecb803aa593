package dev.merlon.model.verify.soundness;

import ai.djl.ndarray.types.Shape;
import dev.merlon.model.network.Network;
import dev.merlon.model.network.ParameterValues;
import dev.merlon.model.network.operation.Flatten;
import dev.merlon.model.network.operation.LeakyRelu;
import dev.merlon.model.network.operation.Linear;
import dev.merlon.model.network.operation.Normalize;
import dev.merlon.model.network.operation.Relu;
import dev.merlon.model.norm.Norm;
import dev.merlon.model.norm.NormBall;
import dev.merlon.model.onnx.ImportedModel;
import dev.merlon.model.onnx.OnnxExport;
import dev.merlon.model.onnx.OnnxImport;
import dev.merlon.model.tensor.HostTensor;
import dev.merlon.model.verify.question.Guarantee;
import dev.merlon.model.verify.question.Query;
import dev.merlon.model.verify.question.Question;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * A property with a counterexample hidden at a known place, in the spirit of SoundnessBench (Zhou
 * et al. 2024): the margin is 1 but for pyramids {@code height relu(1 - sum of a_i |x_i - p_i|)}
 * under it. One of them reaches below 0 around its tip; the others, decoys, do not. Most go on
 * outside with a small slope, as trained networks do; some are flat there.
 *
 * @param model that has been an ONNX file
 * @param query about label 0
 * @param tip the hidden counterexample
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
record PlantedCounterexample(ImportedModel model, Query query, double[] tip) {
  private static final double SIDE = 1.3;

  /** The property of this number. */
  static PlantedCounterexample of(long seed, String norm) {
    SplittableRandom random = new SplittableRandom(0x91A7_0000L + 31 * seed + norm.hashCode());
    while (true) {
      PlantedCounterexample drawn = draw(norm, seed % 4 == 0, random);
      if (drawn.hidden()) {
        return drawn;
      }
    }
  }

  private static PlantedCounterexample draw(String norm, boolean flat, SplittableRandom random) {
    int inputs = flat ? 2 : 2 + random.nextInt(4);
    int pyramids = 2 + random.nextInt(2);
    float[] x = new float[inputs];
    for (int i = 0; i < inputs; i++) {
      x[i] = (float) random.nextDouble(0.3, 0.7);
    }
    double eps = random.nextDouble(0.1, 0.25) * (norm.equals("linf") ? 1 : SIDE);
    Ball ball = new Ball(norm, ExactCase.wide(x), random.nextBoolean());
    Writer writer = new Writer(inputs, pyramids);
    double[] tip = new double[0];
    for (int i = 0; i < pyramids; i++) {
      double[] at = point(ball, eps * random.nextDouble(0.6, 0.97), random);
      double height = i == 0 ? random.nextDouble(1.03, 1.2) : random.nextDouble(0.7, 0.95);
      writer.pyramid(i, at, height, random.nextDouble(0.5, 1.5) * eps, random);
      tip = i == 0 ? at : tip;
    }
    NormBall set = new NormBall(Norm.of(norm), eps, ball.clip());
    double leak = flat ? 0 : random.nextDouble(0.02, 0.1);
    return new PlantedCounterexample(
        writer.model(leak), Query.of(0, x, 0, new Question(set, Guarantee.REAL)), tip);
  }

  // The tip is a counterexample, and the input is none.
  private boolean hidden() {
    PlainNetwork plain = PlainNetwork.of(model.network(), model.values());
    NormBall set = (NormBall) query.set();
    Ball ball = new Ball(set.norm().name(), ExactCase.wide(query.x()), set.clip());
    return ball.allows(tip)
        && ball.distance(tip) < set.eps()
        && ExactCase.margin(plain, 0, tip) < 0
        && ExactCase.margin(plain, 0, ball.center()) > 0;
  }

  // A random point at this distance that float32 can hold.
  private static double[] point(Ball ball, double distance, SplittableRandom random) {
    double[] direction = random.doubles(ball.center().length, -1, 1).toArray();
    double[] point = ball.center().clone();
    Arrays.setAll(point, i -> ball.center()[i] + direction[i]);
    double scale = distance / ball.distance(point);
    Arrays.setAll(point, i -> (float) (ball.center()[i] + scale * direction[i]));
    return point;
  }

  /** Weights of the pyramids. */
  private static final class Writer {
    private final int inputs;
    private final int pyramids;
    private final float[] sides;
    private final float[] places;
    private final float[] sums;
    private final float[] heights;

    Writer(int inputs, int pyramids) {
      this.inputs = inputs;
      this.pyramids = pyramids;
      this.sides = new float[2 * pyramids * inputs * inputs];
      this.places = new float[2 * pyramids * inputs];
      this.sums = new float[pyramids * 2 * pyramids * inputs];
      this.heights = new float[2 * pyramids];
    }

    void pyramid(int number, double[] tip, double height, double width, SplittableRandom random) {
      for (int i = 0; i < inputs; i++) {
        for (int side = 0; side < 2; side++) {
          int neuron = 2 * (number * inputs + i) + side;
          float sign = side == 0 ? 1 : -1;
          // Behind the normalisation (x - 0.5) / 0.25.
          sides[neuron * inputs + i] = 0.25f * sign;
          places[neuron] = (float) (-sign * (tip[i] - 0.5));
          sums[number * 2 * pyramids * inputs + neuron] =
              (float) (-random.nextDouble(0.5, 1) / width);
        }
      }
      heights[pyramids + number] = (float) height;
    }

    ImportedModel model(double leak) {
      Network.Builder builder = Network.builder(new Shape(1, 1, inputs));
      builder.append("normalize", new Normalize(List.of(0.5), List.of(0.25)));
      builder.append("flatten", new Flatten());
      builder.append("sides", new Linear(inputs, places.length, true));
      builder.append("sides-relu", new Relu());
      builder.append("sums", new Linear(places.length, pyramids, true));
      builder.append("sums-relu", leak == 0 ? new Relu() : new LeakyRelu(leak));
      builder.append("logits", new Linear(pyramids, 2, true));
      Network network = builder.build();
      float[] ones = new float[pyramids];
      Arrays.fill(ones, 1);
      Map<String, HostTensor> tensors =
          Map.of(
              "sides.weight", HostTensor.of(sides, places.length, inputs),
              "sides.bias", HostTensor.of(places, places.length),
              "sums.weight", HostTensor.of(sums, pyramids, places.length),
              "sums.bias", HostTensor.of(ones, pyramids),
              "logits.weight", HostTensor.of(heights, 2, pyramids),
              "logits.bias", HostTensor.of(new float[] {1, 0}, 2));
      ParameterValues values = ParameterValues.of(network, tensors);
      return OnnxImport.parse(OnnxExport.bytes(network, values, Map.of()), "planted");
    }
  }
}

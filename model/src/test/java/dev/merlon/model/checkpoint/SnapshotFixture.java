package dev.merlon.model.checkpoint;

import dev.merlon.model.network.ParameterValues;
import dev.merlon.model.optimize.Adam;
import dev.merlon.model.tensor.HostTensor;
import dev.merlon.model.training.BestModel;
import dev.merlon.model.training.LearnerState;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;

/** Small snapshots of invented runs. */
final class SnapshotFixture {
  static final RunIdentity IDENTITY = new RunIdentity("seed = 1\nepochs = 2\n", "abc", "0.1.0");

  private SnapshotFixture() {}

  /** A snapshot whose every value depends on its place. */
  static TrainingSnapshot at(int epoch, int step, long globalStep) {
    SplittableRandom random = new SplittableRandom(31 * globalStep + epoch);
    Map<String, HostTensor> values = new LinkedHashMap<>();
    values.put("conv1.weight", floats(random, 2, 1, 3, 3));
    values.put("fc.bias", doubles(random, 5));
    values.put("empty", floats(random, 0));
    values.put("scalar", floats(random));
    EpochSums tally = EpochSums.EMPTY.plus("loss", random.nextDouble(), 64).plus("seconds", 0.1, 1);
    return new TrainingSnapshot(
        IDENTITY,
        new RunCursor(epoch, step, globalStep),
        new LearnerState(
            new ParameterValues(values),
            new Adam.State(
                globalStep,
                Map.of("fc.bias", doubles(random, 5)),
                Map.of("fc.bias", doubles(random, 5)))),
        tally,
        1234 + globalStep,
        Optional.of(new BestModel(epoch + 1, random.nextDouble())));
  }

  private static HostTensor floats(SplittableRandom random, long... shape) {
    double[] values = draws(random, shape);
    float[] narrow = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      narrow[i] = (float) values[i];
    }
    return HostTensor.of(narrow, shape);
  }

  private static HostTensor doubles(SplittableRandom random, long... shape) {
    return HostTensor.of(draws(random, shape), shape);
  }

  private static double[] draws(SplittableRandom random, long... shape) {
    long size = 1;
    for (long extent : shape) {
      size *= extent;
    }
    return random.doubles(size, -1, 1).toArray();
  }
}

package dev.merlon.model.sample;

import ai.djl.ndarray.types.Shape;
import dev.merlon.config.RunSettings;
import dev.merlon.config.Settings;
import dev.merlon.model.data.Batch;
import dev.merlon.model.data.ImageShape;
import dev.merlon.model.data.SampleOrder.Cursor;
import dev.merlon.model.network.Architectures;
import dev.merlon.model.network.Initialiser;
import dev.merlon.model.network.Network;
import dev.merlon.model.network.ParameterValues;
import dev.merlon.model.optimize.Phase;
import dev.merlon.model.optimize.Schedules;
import dev.merlon.model.tensor.CounterRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** A run on images of 8 by 8 pixels in three classes, small enough to take milliseconds a step. */
public final class SampleRun {
  /** Steps of one epoch. */
  public static final int STEPS_PER_EPOCH = 4;

  private static final ImageShape IMAGE = new ImageShape(1, 8, 8);
  private static final int CLASSES = 3;
  private static final List<String> DEFAULTS =
      List.of(
          "epochs=4",
          "batch-size=6",
          "seed=3",
          "network.preset=cnn3",
          "network.width=2",
          "device.precision=float64",
          "schedule.eps-train=0.1",
          "schedule.start-epoch=1",
          "schedule.end-epoch=3",
          "schedule.natural-epochs=1",
          "optimizer.learning-rate=0.01",
          "optimizer.decay-epochs=[3]",
          "optimizer.l1=1e-4");

  private SampleRun() {}

  /** Settings of the run; {@code changes} are written {@code key=value}. */
  public static RunSettings settings(String... changes) {
    List<String> overrides = new ArrayList<>(DEFAULTS);
    for (String change : changes) {
      String key = change.substring(0, change.indexOf('=') + 1);
      overrides.removeIf(other -> other.startsWith(key));
      if (key.equals("network.layers=")) {
        overrides.removeIf(other -> other.startsWith("network."));
      }
      overrides.add(change);
    }
    return Settings.parse("", "test", overrides);
  }

  /** The run's network. */
  public static Network network(RunSettings settings) {
    return Architectures.build(
        settings.network(),
        settings.batchNorm().momentum(),
        new Shape(IMAGE.channels(), IMAGE.height(), IMAGE.width()),
        CLASSES);
  }

  /** Its initial values. */
  public static ParameterValues initial(RunSettings settings) {
    return new Initialiser(settings.initialisation()).draw(network(settings), settings.seed());
  }

  /** What the schedules say about a step. */
  public static Phase phase(RunSettings settings, long globalStep) {
    return Schedules.of(settings, STEPS_PER_EPOCH).phase(globalStep);
  }

  /** The batch of a step: images with one bright row that tells the class, under noise. */
  public static Batch batch(long globalStep, int size) {
    RandomGenerator random = CounterRandom.of(11, 0, globalStep, CounterRandom.Role.DATA);
    float[] pixels = new float[size * IMAGE.elements()];
    int[] labels = new int[size];
    for (int n = 0; n < size; n++) {
      labels[n] = random.nextInt(CLASSES);
      for (int i = 0; i < IMAGE.elements(); i++) {
        boolean bright = i / IMAGE.width() == 2 * labels[n] + 1;
        pixels[n * IMAGE.elements() + i] = 0.4f * random.nextFloat() + (bright ? 0.5f : 0);
      }
    }
    Cursor cursor =
        new Cursor((int) (globalStep / STEPS_PER_EPOCH), (int) (globalStep % STEPS_PER_EPOCH));
    return new Batch(cursor, globalStep, IMAGE, pixels, labels);
  }
}

package dev.merlon.tests.bench;

import ai.djl.Device;
import ai.djl.ndarray.types.Shape;
import dev.merlon.config.RunSettings;
import dev.merlon.config.Settings;
import dev.merlon.model.data.Batch;
import dev.merlon.model.data.ImageShape;
import dev.merlon.model.data.SampleOrder.Cursor;
import dev.merlon.model.network.Architectures;
import dev.merlon.model.network.Cost;
import dev.merlon.model.network.Initialiser;
import dev.merlon.model.network.Network;
import dev.merlon.model.optimize.Phase;
import dev.merlon.model.optimize.Schedules;
import dev.merlon.model.tensor.CounterRandom;
import dev.merlon.model.training.Learner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.random.RandomGenerator;

/**
 * The resident memory that the steps of one configuration take at their peak, in a process of its
 * own: {@code main} takes a side and channels of images and then settings {@code key=value}, and
 * prints one line.
 */
public final class StepMemoryBenchmark {
  private static final int CLASSES = 10;
  private static final int STEPS = 3;
  private static final double MEBIBYTE = 1 << 20;

  private StepMemoryBenchmark() {}

  /** Measures one configuration. */
  public static void main(String[] arguments) throws IOException {
    int side = Integer.parseInt(arguments[0]);
    int channels = Integer.parseInt(arguments[1]);
    List<String> changes = List.of(arguments).subList(2, arguments.length);
    ImageShape image = new ImageShape(channels, side, side);
    train(
        Settings.parse("network { preset = cnn3, width = 1 }", "tiny", List.of("batch-size=2")),
        new ImageShape(1, 8, 8));
    System.gc();
    double before = kibibytes("VmRSS") / 1024;
    RunSettings settings = Settings.parse("network { mean = [], std = [] }", "measured", changes);
    Network network = train(settings, image);
    double peak = kibibytes("VmHWM") / 1024;
    Cost cost = Cost.of(network);
    double perValue = settings.batchSize() * 4 / MEBIBYTE;
    System.out.printf(
        Locale.ROOT,
        "%s | before %.0f peak %.0f steps %.0f | params %.1f concrete %.1f clean %.1f box %.1f%n",
        changes,
        before,
        peak,
        peak - before,
        cost.parameters() * 4 / MEBIBYTE,
        cost.concrete().values() * perValue,
        cost.clean().values() * perValue,
        cost.box().values() * perValue);
  }

  private static Network train(RunSettings settings, ImageShape image) {
    Network network =
        Architectures.build(
            settings.network(),
            settings.batchNorm().momentum(),
            new Shape(image.channels(), image.height(), image.width()),
            CLASSES);
    var initial = new Initialiser(settings.initialisation()).draw(network, settings.seed());
    Schedules schedules = Schedules.of(settings, 100);
    try (Learner learner = Learner.create(settings, network, initial, Device.cpu())) {
      for (int step = 0; step < STEPS; step++) {
        Phase phase = schedules.phase(step);
        learner.forward(learner.search(noise(settings.batchSize(), image, step), phase), phase);
        learner.backward();
        learner.update(phase);
      }
    }
    return network;
  }

  private static Batch noise(int size, ImageShape image, int step) {
    RandomGenerator random = CounterRandom.of(1, 0, step, CounterRandom.Role.DATA);
    float[] pixels = new float[size * image.elements()];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = random.nextFloat();
    }
    return new Batch(
        new Cursor(0, step), step, image, pixels, random.ints(size, 0, CLASSES).toArray());
  }

  private static double kibibytes(String key) throws IOException {
    return Files.readAllLines(Path.of("/proc/self/status")).stream()
        .filter(line -> line.startsWith(key + ":"))
        .mapToDouble(line -> Double.parseDouble(line.replaceAll("[^0-9]", "")))
        .sum();
  }
}

package dev.merlon.model.data;

import dev.merlon.config.data.DataKind;
import dev.merlon.model.tensor.CounterRandom;

/**
 * The data set of the demo, which needs no file: ten classes of hand-written-looking digits, 28x28
 * grey, drawn by the program itself. Image {@code i} of a split is a pure function of (seed, split,
 * i) and shows the digit {@code i mod 10}, so classes are balanced in every prefix of whole tens.
 *
 * @param seed chooses the writer; {@link #standard()} has the one that presets use
 */
public record EmbeddedDigits(long seed) implements DatasetSource {
  /** The seed of {@link #standard()}. */
  public static final long STANDARD_SEED = 1;

  private static final ImageShape SHAPE = new ImageShape(1, 28, 28);
  private static final int CLASSES = 10;
  private static final int TRAIN_SIZE = 10_000;
  private static final int TEST_SIZE = 2_000;

  /** The data set that the demo and its presets use. */
  public static EmbeddedDigits standard() {
    return new EmbeddedDigits(STANDARD_SEED);
  }

  @Override
  public DataKind kind() {
    return DataKind.DEMO;
  }

  @Override
  public ImageShape shape() {
    return SHAPE;
  }

  @Override
  public int classes() {
    return CLASSES;
  }

  /** Draws 10,000 images for training or 2,000 for testing. */
  @Override
  public Dataset read(DataSplit split) {
    int count =
        switch (split) {
          case TRAIN -> TRAIN_SIZE;
          case TEST -> TEST_SIZE;
          case VALIDATION -> throw absent(split);
        };
    byte[] pixels = new byte[count * SHAPE.elements()];
    int[] labels = new int[count];
    for (int i = 0; i < count; i++) {
      labels[i] = i % CLASSES;
      PixelCanvas canvas = new PixelCanvas(SHAPE.height(), SHAPE.width());
      DigitWriter.write(labels[i], drawsOf(split, i), canvas);
      canvas.writeBytes(pixels, i * SHAPE.elements());
    }
    return Dataset.of(kind().word(), split, SHAPE, CLASSES, pixels, labels);
  }

  private Draws drawsOf(DataSplit split, int index) {
    long part =
        switch (split) {
          case TRAIN -> 0;
          case VALIDATION, TEST -> 1;
        };
    return new Draws(CounterRandom.of(seed, part, index, CounterRandom.Role.DATA));
  }
}

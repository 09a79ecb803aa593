package dev.merlon.model.onnx.graph;

import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * What a model may need at most, whatever its file says: a file of a kilobyte can ask for
 * terabytes. Looked at before anything is allocated. Not thread-safe.
 */
public final class SizeLimit {
  /** Most values of one run, all layers together: 512 MiB in float64. */
  static final long MOST_VALUES = 1L << 26;

  /** Most values under all positions of a kernel or window: 512 MiB in float64. */
  static final long MOST_UNFOLDED = 1L << 26;

  /** Most operators. ONNX Runtime recurses over them, and so does the freeing of gradients. */
  static final int MOST_OPERATORS = 5_000;

  private final long batch;
  private long values;

  /**
   * Nothing is needed yet.
   *
   * @param batch the length of the batch axis where the file fixes it
   */
  SizeLimit(OptionalLong batch) {
    this.batch = batch.orElse(1);
  }

  /** Counts a value of this shape for each sample. */
  void add(Shape sample) {
    values += product(MOST_VALUES, LongStream.concat(LongStream.of(batch), extents(sample)));
    ModelFormatException.unless(
        values <= MOST_VALUES,
        String.format(
            Locale.ROOT,
            "values of shape %s, in batches of %d, bring it above the %,d values that a model may"
                + " compute at once",
            sample,
            batch,
            MOST_VALUES));
  }

  /**
   * Refuses kernels or windows that see too much: engines copy what lies under them, position by
   * position.
   *
   * @param taps of a kernel over all its channels
   * @param positions shape that has as many places as the kernel has positions
   */
  public static void requireUnfolded(Stream<Integer> taps, Shape positions) {
    LongStream factors = LongStream.concat(taps.mapToLong(Integer::longValue), extents(positions));
    ModelFormatException.unless(
        product(MOST_UNFOLDED, factors) <= MOST_UNFOLDED,
        String.format(
            Locale.ROOT,
            "all its positions together see more than %,d values, which is more than is read",
            MOST_UNFOLDED));
  }

  private static LongStream extents(Shape shape) {
    return Arrays.stream(shape.getShape());
  }

  /**
   * The product; one more than {@code most} where it is above that, or a factor is not positive.
   */
  private static long product(long most, LongStream factors) {
    return factors.reduce(1, (a, b) -> b > 0 && a <= most / b ? a * b : most + 1);
  }

  /** Refuses a file of too many operators. */
  public static void requireOperators(int count) {
    ModelFormatException.unless(
        count <= MOST_OPERATORS,
        String.format(
            Locale.ROOT, "it has %,d operators, at most %,d are read", count, MOST_OPERATORS));
  }
}

package dev.merlon.model.data;

import dev.merlon.model.tensor.CounterRandom;
import dev.merlon.model.tensor.CounterRandom.Role;
import java.util.Arrays;

/**
 * The order in which training visits samples: for each epoch a permutation of {@code 0..samples-1}
 * that is a pure function of (seed, epoch), cut into consecutive batches. Nothing is remembered
 * between epochs, so any batch can be named by its {@link Cursor} alone.
 *
 * @param seed the run's seed
 * @param samples number of samples, at least 1
 * @param batchSize samples in a full batch, at least 1
 * @param lastBatch what becomes of the samples left over at the epoch's end
 */
public record SampleOrder(long seed, int samples, int batchSize, LastBatch lastBatch) {

  /** What becomes of an epoch's last batch where it is not full. */
  public enum LastBatch {
    /** It is used as it is, smaller than the others. */
    KEEP,
    /** Its samples are left out of this epoch. */
    DROP
  }

  /**
   * A place in training: batch {@code step} of epoch {@code epoch}, both counted from 0.
   *
   * @param epoch epochs completed before this batch
   * @param step batches of this epoch completed before this one
   */
  public record Cursor(int epoch, int step) {
    /** The first batch of a run. */
    public static final Cursor START = new Cursor(0, 0);

    /** Rejects negative places. */
    public Cursor {
      if (epoch < 0 || step < 0) {
        throw new IllegalArgumentException("no such place: epoch " + epoch + ", step " + step);
      }
    }
  }

  /** Rejects orders that have no batch. */
  public SampleOrder {
    if (samples < 1 || batchSize < 1) {
      throw new IllegalArgumentException(
          "need at least one sample in a batch, got "
              + samples
              + " samples in batches of "
              + batchSize);
    }
    if (lastBatch == LastBatch.DROP && samples < batchSize) {
      throw new IllegalArgumentException(
          "batches of "
              + batchSize
              + " leave none of "
              + samples
              + " samples when the last is dropped");
    }
  }

  /** An order that keeps the last, smaller batch. */
  public static SampleOrder of(long seed, int samples, int batchSize) {
    return new SampleOrder(seed, samples, batchSize, LastBatch.KEEP);
  }

  /** Number of batches in each epoch. */
  public int batchesPerEpoch() {
    int full = samples / batchSize;
    return lastBatch == LastBatch.KEEP && samples % batchSize > 0 ? full + 1 : full;
  }

  /**
   * All samples in the order of an epoch, by Fisher and Yates' shuffle.
   *
   * @param epoch counted from 0
   */
  public int[] permutation(int epoch) {
    Draws draws = new Draws(CounterRandom.of(seed, epoch, 0, Role.ORDER));
    int[] order = new int[samples];
    for (int i = 0; i < samples; i++) {
      int j = draws.index(i + 1);
      order[i] = order[j];
      order[j] = i;
    }
    return order;
  }

  /**
   * The samples of one batch. This shuffles the whole epoch; to walk through an epoch call {@link
   * #permutation} once and cut it with {@link #batch}.
   */
  public int[] indices(Cursor cursor) {
    return batch(permutation(cursor.epoch()), cursor.step());
  }

  /**
   * Cuts batch {@code step}, counted from 0, out of an epoch's permutation.
   *
   * @throws IndexOutOfBoundsException if the epoch has no such batch
   */
  public int[] batch(int[] permutation, int step) {
    if (step < 0 || step >= batchesPerEpoch()) {
      throw new IndexOutOfBoundsException("batch " + step + " of " + batchesPerEpoch());
    }
    int from = step * batchSize;
    return Arrays.copyOfRange(permutation, from, Math.min(samples, from + batchSize));
  }
}

package dev.merlon.model.data;

import dev.merlon.config.data.HeldOut;
import dev.merlon.config.failure.MerlonException;
import dev.merlon.model.tensor.CounterRandom;
import dev.merlon.model.tensor.CounterRandom.Role;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * Cuts training images in two: those that stay and those that are held back, from every class in
 * proportion to its size (largest remainders first, then lower class numbers). Which images of a
 * class are held back is drawn from (seed, part, class) alone. Both sides keep the original order.
 *
 * @param kept what stays for training
 * @param held what is held back
 */
record HoldOut(Dataset kept, Dataset held) {

  /**
   * Cuts.
   *
   * @param amount how many are held back
   * @param part what they are held back for
   * @throws MerlonException (configuration) if nothing would be left on one side
   */
  static HoldOut of(Dataset data, HeldOut amount, DataSplit part, long seed) {
    int count = amount.of(data.size());
    if (count < 1 || count >= data.size()) {
      throw MerlonException.configuration(
          String.format(
              Locale.ROOT,
              "data.%s = %s of %d images leaves %d for it and %d for training",
              part.label(),
              amount.amount(),
              data.size(),
              count,
              data.size() - count),
          "Hold back at least one image and leave at least one.");
    }
    boolean[] away = new boolean[data.size()];
    int[] quotas = quotas(data, count);
    for (int label = 0; label < data.classes(); label++) {
      int[] members = members(data, label);
      shuffle(members, new Draws(CounterRandom.of(seed, stream(part), label, Role.HOLD_OUT)));
      Arrays.stream(members).limit(quotas[label]).forEach(index -> away[index] = true);
    }
    return new HoldOut(side(data, DataSplit.TRAIN, away, false), side(data, part, away, true));
  }

  /** Validation and test draw apart, so that one does not change with the other. */
  private static long stream(DataSplit part) {
    return switch (part) {
      case TRAIN -> throw new IllegalArgumentException("training images are what is left");
      case VALIDATION -> 1;
      case TEST -> 2;
    };
  }

  /** How many of each class are held back; sums up to {@code count}. */
  private static int[] quotas(Dataset data, int count) {
    long[] sizes = new long[data.classes()];
    for (int i = 0; i < data.size(); i++) {
      sizes[data.label(i)]++;
    }
    int[] quotas = new int[sizes.length];
    for (int label = 0; label < sizes.length; label++) {
      quotas[label] = (int) (sizes[label] * count / data.size());
    }
    int missing = count - Arrays.stream(quotas).sum();
    IntStream.range(0, sizes.length)
        .boxed()
        .sorted(
            (a, b) ->
                Long.compare(remainder(sizes[b], count, data), remainder(sizes[a], count, data)))
        .limit(missing)
        .forEach(label -> quotas[label]++);
    return quotas;
  }

  private static long remainder(long size, int count, Dataset data) {
    return size * count % data.size();
  }

  private static int[] members(Dataset data, int label) {
    return IntStream.range(0, data.size()).filter(index -> data.label(index) == label).toArray();
  }

  private static void shuffle(int[] values, Draws draws) {
    for (int i = values.length - 1; i > 0; i--) {
      int j = draws.index(i + 1);
      int value = values[i];
      values[i] = values[j];
      values[j] = value;
    }
  }

  private static Dataset side(Dataset data, DataSplit part, boolean[] away, boolean chosen) {
    int[] indices = IntStream.range(0, away.length).filter(i -> away[i] == chosen).toArray();
    return data.part(part, indices);
  }
}

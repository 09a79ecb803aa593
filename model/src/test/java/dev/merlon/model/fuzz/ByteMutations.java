package dev.merlon.model.fuzz;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/** Damage to a file that knows nothing of what the file holds. */
final class ByteMutations {
  private static final int LONGEST = 64;
  // Sizes and numbers of the format that are as large as they can be, and its deepest nesting.
  private static final byte[] HUGE_NUMBER = {-1, -1, -1, -1, -1, -1, -1, -1, -1, 1};
  private static final byte[] HUGE_SIZE = {-1, -1, -1, -1, 7};

  private ByteMutations() {}

  /** A damage, now and then two. */
  static byte[] of(byte[] file, byte[] other, RandomGenerator random) {
    byte[] damaged = file;
    for (int i = 1 + random.nextInt(4) / 3; i > 0; i--) {
      damaged = once(damaged, other, random);
    }
    return damaged;
  }

  private static byte[] once(byte[] file, byte[] other, RandomGenerator random) {
    if (file.length == 0) {
      return other;
    }
    int from = place(file.length, random);
    int to = Math.min(file.length, from + 1 + random.nextInt(LONGEST));
    return switch (random.nextInt(9)) {
      case 0 -> Arrays.copyOf(file, from);
      case 1 -> joined(file, from, new byte[0], to);
      case 2 -> joined(file, to, Arrays.copyOfRange(file, from, to), to);
      case 3 -> joined(file, from, HUGE_NUMBER, Math.min(file.length, from + 1));
      case 4 -> joined(file, from, HUGE_SIZE, Math.min(file.length, from + 1));
      case 5 -> spliced(file, from, other, random);
      case 6 -> noise(file, from, to, random);
      default -> flipped(file, from, random);
    };
  }

  /** Half of the damage goes to the ends, where what is not weights lies. */
  private static int place(int length, RandomGenerator random) {
    int near = Math.min(length, 600);
    return switch (random.nextInt(4)) {
      case 0 -> random.nextInt(near);
      case 1 -> length - 1 - random.nextInt(near);
      default -> random.nextInt(length);
    };
  }

  private static byte[] joined(byte[] file, int from, byte[] middle, int to) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(file, 0, from);
    out.write(middle, 0, middle.length);
    out.write(file, to, file.length - to);
    return out.toByteArray();
  }

  private static byte[] spliced(byte[] file, int from, byte[] other, RandomGenerator random) {
    int start = random.nextInt(other.length);
    int end = Math.min(other.length, start + random.nextInt(4 * LONGEST));
    return joined(file, from, Arrays.copyOfRange(other, start, end), from);
  }

  private static byte[] noise(byte[] file, int from, int to, RandomGenerator random) {
    byte[] changed = file.clone();
    for (int i = from; i < to; i++) {
      changed[i] = (byte) random.nextInt(256);
    }
    return changed;
  }

  private static byte[] flipped(byte[] file, int at, RandomGenerator random) {
    byte[] changed = file.clone();
    changed[at] ^= (byte) (1 << random.nextInt(8));
    return changed;
  }
}

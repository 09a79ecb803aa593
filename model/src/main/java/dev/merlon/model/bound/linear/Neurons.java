package dev.merlon.model.bound.linear;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.merlon.model.tensor.Scope;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Single neurons of one value to be bounded, a list for each sample or one list for all; a sample
 * with fewer neurons than another gets rows of zeros.
 *
 * @param perSample neuron numbers below {@code width}
 * @param width number of neurons of the value
 */
public record Neurons(List<int[]> perSample, int width) {

  /** All neurons, the same for all samples. */
  static Neurons all(int width) {
    return new Neurons(List.of(IntStream.range(0, width).toArray()), width);
  }

  /** Those marked in {@code [N, ...]} booleans. */
  public static Neurons marked(NDArray mask) {
    boolean[] flags = mask.toBooleanArray();
    int samples = Math.toIntExact(mask.getShape().get(0));
    int width = flags.length / samples;
    List<int[]> perSample = new ArrayList<>();
    for (int n = 0; n < samples; n++) {
      int first = n * width;
      perSample.add(IntStream.range(0, width).filter(i -> flags[first + i]).toArray());
    }
    return new Neurons(perSample, width);
  }

  /** The same neurons in pieces of at most {@code rows} rows. */
  public List<Neurons> chunks(int rows) {
    int longest = rows();
    List<Neurons> chunks = new ArrayList<>();
    for (int from = 0; from < longest; from += rows) {
      int start = from;
      chunks.add(
          new Neurons(perSample.stream().map(list -> part(list, start, rows)).toList(), width));
    }
    return chunks;
  }

  /** One row of coefficients per neuron with a single 1, {@code [N or 1, R, width]}. */
  public NDArray rows(Scope scope, DataType type) {
    int rows = rows();
    int[] index = new int[perSample.size() * rows];
    double[] used = new double[index.length];
    for (int n = 0; n < perSample.size(); n++) {
      int[] list = perSample.get(n);
      for (int r = 0; r < list.length; r++) {
        index[n * rows + r] = list[r];
        used[n * rows + r] = 1;
      }
    }
    NDArray ones = scope.labels(index).oneHot(width, type);
    NDArray kept = ones.mul(scope.tensor(used, type, used.length, 1));
    return kept.reshape(new Shape(perSample.size(), rows, width));
  }

  /** Whether no sample has any. */
  boolean isEmpty() {
    return rows() == 0;
  }

  /** Those of a sample. */
  int[] ofSample(int sample) {
    return perSample.get(perSample.size() == 1 ? 0 : sample);
  }

  /** How many there are in a batch. */
  int count(int batch) {
    return IntStream.range(0, batch).map(sample -> ofSample(sample).length).sum();
  }

  private int rows() {
    return perSample.stream().mapToInt(list -> list.length).max().orElse(0);
  }

  private static int[] part(int[] list, int from, int rows) {
    int start = Math.min(from, list.length);
    return Arrays.copyOfRange(list, start, Math.min(from + rows, list.length));
  }
}

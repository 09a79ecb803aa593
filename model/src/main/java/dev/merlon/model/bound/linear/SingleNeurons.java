package dev.merlon.model.bound.linear;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.merlon.model.tensor.Scope;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Neurons of an image-shaped value, each of a sample.
 *
 * @param samples number of the sample, by neuron
 * @param numbers number of the neuron in its value, row-major
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
record SingleNeurons(int[] samples, int[] numbers) {

  /** These neurons of a batch of samples. */
  static SingleNeurons of(Neurons neurons, int batch) {
    int[] samples = new int[neurons.count(batch)];
    int[] numbers = new int[samples.length];
    int next = 0;
    for (int n = 0; n < batch; n++) {
      int[] list = neurons.ofSample(n);
      Arrays.fill(samples, next, next + list.length, n);
      System.arraycopy(list, 0, numbers, next, list.length);
      next += list.length;
    }
    return new SingleNeurons(samples, numbers);
  }

  /** The same neurons in pieces. */
  List<SingleNeurons> chunks(int most) {
    List<SingleNeurons> chunks = new ArrayList<>();
    for (int from = 0; from < numbers.length; from += most) {
      int to = Math.min(numbers.length, from + most);
      chunks.add(
          new SingleNeurons(
              Arrays.copyOfRange(samples, from, to), Arrays.copyOfRange(numbers, from, to)));
    }
    return chunks;
  }

  /** The neurons as if all were of the first sample. */
  SingleNeurons ofOneSample() {
    return new SingleNeurons(new int[samples.length], numbers);
  }

  /** Their numbers among all neurons of the batch, {@code int64 [R]}. */
  NDArray inBatch(Scope scope, Shape value) {
    int width = Math.toIntExact(value.size());
    int[] all = new int[numbers.length];
    Arrays.setAll(all, i -> samples[i] * width + numbers[i]);
    return scope.labels(all);
  }

  /**
   * Numbers of their places among those of the whole batch, {@code int64 [R]}.
   *
   * @param value shape {@code (C, H, W)} of the neurons' value
   */
  NDArray places(Scope scope, Shape value) {
    int plane = Math.toIntExact(value.get(1) * value.get(2));
    int[] places = new int[numbers.length];
    Arrays.setAll(places, i -> samples[i] * plane + numbers[i] % plane);
    return scope.labels(places);
  }

  /** A 1 at the channel of each, {@code [R, 1, C, 1, 1]}. */
  NDArray channels(Scope scope, Shape value, DataType type) {
    int plane = Math.toIntExact(value.get(1) * value.get(2));
    int channels = Math.toIntExact(value.get(0));
    int[] ofNeuron = Arrays.stream(numbers).map(number -> number / plane).toArray();
    return scope.labels(ofNeuron).oneHot(channels, type).reshape(-1, 1, channels, 1, 1);
  }
}

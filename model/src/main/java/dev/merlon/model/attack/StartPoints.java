package dev.merlon.model.attack;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.merlon.model.norm.Norm;
import dev.merlon.model.tensor.Scope;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/** Where the random start points of an attack's samples come from. Stateful: each draw is new. */
public sealed interface StartPoints {

  /** One generator for all samples of a batch, which depend on each other's number and order. */
  static StartPoints shared(RandomGenerator random) {
    return new Shared(random);
  }

  /** A generator for each sample, in their order: nothing depends on who shares the batch. */
  static StartPoints each(List<RandomGenerator> samples) {
    return new Each(samples);
  }

  /** The start points of some samples, by their number in the batch from 0. */
  StartPoints of(int... samples);

  /**
   * The next perturbation of norm at most 1 for each sample.
   *
   * @param shape {@code [N, ...]}
   */
  NDArray unit(Norm norm, Scope work, DataType type, Shape shape);

  /** One generator for all. */
  record Shared(RandomGenerator random) implements StartPoints {
    @Override
    public StartPoints of(int... samples) {
      return this;
    }

    @Override
    public NDArray unit(Norm norm, Scope work, DataType type, Shape shape) {
      return norm.randomStart(random, work, type, 1, shape.getShape());
    }
  }

  /** One generator for each. */
  record Each(List<RandomGenerator> generators) implements StartPoints {
    /** Keeps a copy. */
    public Each {
      generators = List.copyOf(generators);
    }

    @Override
    public StartPoints of(int... samples) {
      return new Each(Arrays.stream(samples).mapToObj(generators::get).toList());
    }

    @Override
    public NDArray unit(Norm norm, Scope work, DataType type, Shape shape) {
      if (shape.get(0) != generators.size()) {
        throw new IllegalArgumentException(generators.size() + " generators for " + shape);
      }
      long[] one = shape.getShape();
      one[0] = 1;
      NDList rows = new NDList(generators.size());
      generators.forEach(random -> rows.add(norm.randomStart(random, work, type, 1, one)));
      return NDArrays.concat(rows, 0);
    }
  }
}

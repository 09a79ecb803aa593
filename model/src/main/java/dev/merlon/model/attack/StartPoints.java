package dev.merlon.model.attack;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.merlon.model.norm.AttackSpace;
import dev.merlon.model.norm.Norm;
import dev.merlon.model.tensor.CounterRandom;
import dev.merlon.model.tensor.RowGroups;
import dev.merlon.model.tensor.Scope;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;

/** Where the random start points of an attack's samples come from. Stateful: each draw is new. */
public sealed interface StartPoints extends AttackSpace.Draws {
  /** Draws that nothing depends on. */
  CounterRandom.Role FILLING = CounterRandom.Role.EVALUATION;

  /** One generator for all samples of a batch, which depend on each other's number and order. */
  static StartPoints shared(RandomGenerator random) {
    return new Shared(random);
  }

  /** A generator for each sample, in their order: nothing depends on who shares the batch. */
  static StartPoints each(List<RandomGenerator> samples) {
    return new Each(samples);
  }

  /**
   * The start points of some samples, by their number in the batch from 0. Where each has its own,
   * a sample named again gets others, so that it does not take those that follow from the first.
   */
  StartPoints of(int... samples);

  /**
   * What is computed where these samples, at least one, are searched: where nothing is to depend on
   * how many they are, some of them again.
   */
  int[] batch(int... samples);

  /** One generator for all. */
  record Shared(RandomGenerator random) implements StartPoints {
    @Override
    public StartPoints of(int... samples) {
      return this;
    }

    @Override
    public int[] batch(int... samples) {
      return samples;
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
      Set<Integer> seen = new HashSet<>();
      return new Each(
          Arrays.stream(samples)
              .mapToObj(n -> seen.add(n) ? generators.get(n) : CounterRandom.of(0, n, 0, FILLING))
              .toList());
    }

    @Override
    public int[] batch(int... samples) {
      return RowGroups.filled(samples);
    }

    @Override
    public NDArray unit(Norm norm, Scope work, DataType type, Shape shape) {
      if (shape.get(0) != generators.size()) {
        throw new IllegalArgumentException(generators.size() + " generators for " + shape);
      }
      long[] one = shape.getShape().clone();
      one[0] = 1;
      NDList rows = new NDList(generators.size());
      generators.forEach(random -> rows.add(norm.randomStart(random, work, type, 1, one)));
      return NDArrays.concat(rows, 0);
    }
  }
}

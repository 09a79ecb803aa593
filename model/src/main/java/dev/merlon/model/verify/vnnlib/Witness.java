package dev.merlon.model.verify.vnnlib;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A counterexample in decimals that meet the property exactly, as they are written: an input, and
 * what the network gave for the float32 numbers that the input's decimals are read as.
 *
 * @param inputs one decimal for each input
 * @param outputs one decimal for each output
 */
public record Witness(List<BigDecimal> inputs, List<BigDecimal> outputs) {
  /** Keeps copies. */
  public Witness {
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
  }

  /**
   * The witness of a float32 input and output. Where an input's bounds leave room for no float32,
   * as {@code X_0 = 0.1} does, a decimal within the bounds stands for the float32 nearest to it.
   *
   * @param x what the network was given
   * @param y what it returned
   * @return nothing where they are no counterexample, or where a number is not finite
   */
  public static Optional<Witness> of(VnnLibProperty property, float[] x, float[] y) {
    if (!finite(x) || !finite(y)) {
      return Optional.empty();
    }
    return property.regions().stream().flatMap(region -> in(region, x, y).stream()).findFirst();
  }

  private static Optional<Witness> in(Region region, float[] x, float[] y) {
    List<BigDecimal> inputs = new ArrayList<>(x.length);
    for (int position = 0; position < x.length; position++) {
      Optional<BigDecimal> input = region.box().interval(position).decimal(x[position]);
      if (input.isEmpty()) {
        return Optional.empty();
      }
      inputs.add(input.get());
    }
    for (boolean exact : new boolean[] {false, true}) {
      Witness witness = new Witness(inputs, decimals(y, exact));
      if (region.holds(numbers(inputs), numbers(witness.outputs))) {
        return Optional.of(witness);
      }
    }
    return Optional.empty();
  }

  /** Whether the property says of exactly these decimals that they are a counterexample. */
  public boolean violates(VnnLibProperty property) {
    return property.violatedAt(numbers(inputs), numbers(outputs));
  }

  private static List<BigDecimal> decimals(float[] values, boolean exact) {
    List<BigDecimal> decimals = new ArrayList<>(values.length);
    for (float value : values) {
      decimals.add(exact ? new BigDecimal(value) : Decimals.shortest(value));
    }
    return decimals;
  }

  private static List<Rational> numbers(List<BigDecimal> decimals) {
    return decimals.stream().map(Rational::of).toList();
  }

  private static boolean finite(float... values) {
    for (float value : values) {
      if (!Float.isFinite(value)) {
        return false;
      }
    }
    return true;
  }
}

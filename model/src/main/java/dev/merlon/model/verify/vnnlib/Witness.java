package dev.merlon.model.verify.vnnlib;

import dev.merlon.model.verify.specification.Specification.Region;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.commons.numbers.fraction.BigFraction;

/**
 * A counterexample in decimals that meet the property exactly, as they are written: an input, and
 * what the network gave for the numbers of its format that the input's decimals are read as.
 *
 * @param inputs one decimal for each input
 * @param outputs one decimal for each output
 */
public record Witness(List<BigDecimal> inputs, List<BigDecimal> outputs) {
  // Place of the exact decimal in lists from short to exact.
  private static final int LONGEST = 2;

  /** Keeps copies. */
  public Witness {
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
  }

  /**
   * The witness of an input and output, which have to meet the property themselves and as they are
   * written. Where an input's bounds leave room for no number of its format, as {@code X_0 = 0.1}
   * does, a decimal within the bounds stands for the number nearest to it.
   *
   * @param x what the network was given
   * @param y what it returned
   * @return nothing where they are no counterexample, or where a number is not finite
   */
  public static Optional<Witness> of(VnnLibProperty property, Numbers x, Numbers y) {
    if (!x.finite() || !y.finite()) {
      return Optional.empty();
    }
    return property.specification().regions().stream()
        .flatMap(region -> in(region, x, y).stream())
        .findFirst();
  }

  private static Optional<Witness> in(Region<InputBox> region, Numbers x, Numbers y) {
    List<List<BigDecimal>> inputs = new ArrayList<>(x.values().length);
    for (int position = 0; position < x.values().length; position++) {
      inputs.add(region.inputs().interval(position).decimals(x.format(), x.values()[position]));
      if (inputs.get(position).isEmpty()) {
        return Optional.empty();
      }
    }
    List<List<BigDecimal>> outputs =
        Arrays.stream(y.values()).mapToObj(y.format()::decimals).toList();
    Witness exact = new Witness(chosen(inputs, LONGEST), chosen(outputs, LONGEST));
    if (!exact.violates(region)) {
      return Optional.empty();
    }
    return IntStream.rangeClosed(0, LONGEST)
        .mapToObj(length -> new Witness(chosen(inputs, length), chosen(outputs, length)))
        .filter(witness -> witness.violates(region))
        .findFirst();
  }

  /** One decimal of each number; the last ones are exact. */
  private static List<BigDecimal> chosen(List<List<BigDecimal>> decimals, int length) {
    return decimals.stream().map(one -> one.get(Math.min(length, one.size() - 1))).toList();
  }

  /** The nearest float32 numbers of the inputs. */
  public float[] floats() {
    float[] point = new float[inputs.size()];
    for (int i = 0; i < point.length; i++) {
      point[i] = inputs.get(i).floatValue();
    }
    return point;
  }

  private boolean violates(Region<InputBox> region) {
    return VnnLibProperty.violatedAt(region, numbers(inputs), numbers(outputs));
  }

  /** Whether the property says of exactly these decimals that they are a counterexample. */
  public boolean violates(VnnLibProperty property) {
    return property.violatedAt(numbers(inputs), numbers(outputs));
  }

  private static List<BigFraction> numbers(List<BigDecimal> decimals) {
    return decimals.stream().map(Fractions::of).toList();
  }
}

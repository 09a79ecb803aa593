package dev.merlon.model.verify.vnnlib;

import dev.merlon.model.verify.specification.Specification;
import dev.merlon.model.verify.specification.Specification.Region;
import java.util.List;
import org.apache.commons.numbers.fraction.BigFraction;

/**
 * A VNN-LIB property in normal form. The text describes counterexamples: the property is violated
 * ({@code sat}) if some input together with the network's output for it lies in one of the regions,
 * and holds ({@code unsat}) if none does; without regions it holds whatever the network is.
 *
 * @param name of the file, for messages
 * @param inputs the input tensor
 * @param outputs the output tensor
 * @param specification the regions, each with another box
 * @param remarks what a reader of the verdict should know, one line each
 */
public record VnnLibProperty(
    String name,
    DeclaredTensor inputs,
    DeclaredTensor outputs,
    Specification<InputBox> specification,
    List<String> remarks) {
  /** Keeps a copy. */
  public VnnLibProperty {
    remarks = List.copyOf(remarks);
  }

  /**
   * Whether exactly this input and output are a counterexample.
   *
   * @param x one number for each input
   * @param y one number for each output
   */
  public boolean violatedAt(List<BigFraction> x, List<BigFraction> y) {
    if (x.size() != inputs.size() || y.size() != outputs.size()) {
      throw new IllegalArgumentException(
          x.size() + " inputs and " + y.size() + " outputs do not fit " + name);
    }
    return specification.regions().stream().anyMatch(region -> violatedAt(region, x, y));
  }

  /** Whether exactly this input and output are a counterexample of one region. */
  static boolean violatedAt(Region<InputBox> region, List<BigFraction> x, List<BigFraction> y) {
    return region.inputs().contains(x)
        && region.cases().stream().anyMatch(wanted -> wanted.holds(x, y));
  }
}

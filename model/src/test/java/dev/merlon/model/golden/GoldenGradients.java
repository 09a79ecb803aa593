package dev.merlon.model.golden;

import ai.djl.ndarray.NDArray;
import dev.merlon.model.network.LiveNetwork;
import dev.merlon.model.tensor.Autograd;
import dev.merlon.model.tensor.HostTensor;
import java.util.Arrays;
import java.util.Optional;

/** Comparison of the gradients gathered in a network's tensors with golden ones. */
public final class GoldenGradients {
  // Gradients that vanish by construction, such as that of a bias before batch normalisation, are
  // rounding noise in both computations.
  private static final double NOISE = 1e-9;

  private GoldenGradients() {}

  /**
   * Fails unless the norm of every parameter's gradient, and its entries where the case holds them,
   * agree.
   *
   * @param loss name of the differentiated loss in the case's gradients
   * @param live the network whose leaves took part in the backward pass
   */
  public static void assertClose(String loss, GoldenCase golden, LiveNetwork live) {
    double total = golden.number("grad_l2_norms", loss, "__total__");
    double[] squares = {0};
    live.network()
        .parameters()
        .forEach(
            (name, spec) -> {
              if (spec.role().trainable()) {
                squares[0] += parameter(loss, golden, name, total, leaf(live, name));
              }
            });
    GoldenValues.assertClose("norm of the gradient", Math.sqrt(squares[0]), total, total);
  }

  private static NDArray leaf(LiveNetwork live, String name) {
    return Optional.ofNullable(live.tensors().get(name)).orElseThrow();
  }

  private static double parameter(
      String loss, GoldenCase golden, String name, double total, NDArray leaf) {
    double[] gradient = HostTensor.copyOf(Autograd.gradient(leaf)).toDoubles();
    double square = Arrays.stream(gradient).map(g -> g * g).sum();
    double expected = golden.number("grad_l2_norms", loss, name);
    GoldenValues.assertClose("gradient norm of " + name, Math.sqrt(square), expected, total);
    String full = "grad." + loss + "." + name;
    if (golden.has(full) && expected > NOISE * total) {
      GoldenValues.assertClose(full, gradient, golden.tensor(full).toDoubles());
    }
    return square;
  }
}

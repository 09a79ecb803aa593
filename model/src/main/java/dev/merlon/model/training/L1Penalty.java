package dev.merlon.model.training;

import ai.djl.ndarray.NDArray;
import dev.merlon.model.network.Network;
import dev.merlon.model.network.operation.ParameterSpec.Role;
import dev.merlon.model.optimize.Gradients;
import dev.merlon.model.tensor.Named;
import dev.merlon.model.tensor.Scalars;
import dev.merlon.model.tensor.Scope;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The gradient of {@code l1 * sum |w|} over the weights of affine layers, added to the loss's own
 * (CTBench, Shi et al. 2021).
 */
final class L1Penalty {
  private L1Penalty() {}

  static Gradients add(
      Network network, Map<String, NDArray> parameters, Map<String, NDArray> gradients, double l1) {
    if (l1 == 0) {
      return new Gradients(gradients);
    }
    var specs = network.parameters();
    Map<String, NDArray> penalised = new LinkedHashMap<>();
    gradients.forEach(
        (name, gradient) -> {
          boolean weight = Named.get(specs, name).role() == Role.WEIGHT;
          penalised.put(
              name, weight ? penalised(gradient, Named.get(parameters, name), l1) : gradient);
        });
    return new Gradients(penalised);
  }

  private static NDArray penalised(NDArray gradient, NDArray weight, double l1) {
    try (Scope work = Scope.within(weight, "penalty")) {
      return gradient.add(Scalars.times(work.constant(weight).sign(), l1));
    }
  }
}

package dev.merlon.model.network;

import ai.djl.ndarray.types.Shape;
import dev.merlon.model.network.operation.Operation;
import java.util.List;

/**
 * One use of an operation in a network.
 *
 * @param id number of the value it computes; the network's input is value 0
 * @param name unique in the network; parameters are named {@code name.suffix}
 * @param operation what is computed
 * @param inputs numbers of the values it takes, all below {@code id}
 * @param shape shape of its value for one sample
 */
public record Node(int id, String name, Operation operation, List<Integer> inputs, Shape shape) {
  /** Copies the list. */
  public Node {
    inputs = List.copyOf(inputs);
  }

  /** The name of one of its tensors. */
  public String parameter(String suffix) {
    return name + "." + suffix;
  }
}

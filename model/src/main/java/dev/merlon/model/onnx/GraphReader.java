package dev.merlon.model.onnx;

import ai.djl.ndarray.types.Shape;
import ai.onnx.proto.OnnxMl.TensorProto;
import dev.merlon.model.network.Network;
import dev.merlon.model.network.Operation;
import dev.merlon.model.network.ParameterValues;
import dev.merlon.model.tensor.HostTensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A network being read from a file: which tensor of the file is which value of the network, which
 * are constants, and the weights gathered so far. Not thread-safe.
 */
final class GraphReader {
  private final Network.Builder network;
  private final List<Shape> shapes = new ArrayList<>();
  private final Map<String, Integer> values = new HashMap<>();
  private final Map<String, Deferred> deferred = new HashMap<>();
  private final Map<String, TensorProto> constants = new HashMap<>();
  private final Map<String, HostTensor> weights = new LinkedHashMap<>();

  /** An operator that is added only when it is known whether the next one is to be joined to it. */
  interface Deferred {
    /** Adds the operator by itself. */
    void settle(GraphReader graph);
  }

  /**
   * @param input name of the file's input
   * @param sample its shape without the batch axis
   */
  GraphReader(String input, Shape sample) {
    this.network = Network.builder(sample);
    shapes.add(sample);
    values.put(input, 0);
  }

  /** Makes a constant known. */
  void define(String tensor, TensorProto value) {
    requireNew(tensor);
    constants.put(tensor, value);
  }

  /** Whether a tensor is a constant of the file. */
  boolean isConstant(String tensor) {
    return constants.containsKey(tensor);
  }

  /** The values of a constant. @throws Refusal when the tensor is computed, or not float32 */
  HostTensor constant(String tensor) {
    TensorProto constant = constants.get(tensor);
    if (constant == null) {
      throw new Refusal("its operand '" + tensor + "' is not a constant");
    }
    return TensorReader.float32(constant);
  }

  /** The network's number of a computed tensor. */
  int value(String tensor) {
    Deferred pending = deferred.remove(tensor);
    if (pending != null) {
      pending.settle(this);
    }
    Refusal.unless(!isConstant(tensor), "its operand '" + tensor + "' is a constant");
    Integer value = values.get(tensor);
    if (value == null) {
      throw new Refusal("its operand '" + tensor + "' is computed by nothing before it");
    }
    return value;
  }

  /** Shape of a value of the network for one sample. */
  Shape shape(int value) {
    return shapes.get(value);
  }

  /** Keeps an operator back until something other than its partner takes its result. */
  void defer(String tensor, Deferred pending) {
    requireNew(tensor);
    deferred.put(tensor, pending);
  }

  /** The operator kept back that computes a tensor. */
  Optional<Deferred> deferred(String tensor) {
    return Optional.ofNullable(deferred.get(tensor));
  }

  /** Gives a tensor a second name. */
  void alias(String tensor, String other) {
    if (isConstant(tensor)) {
      define(other, constants.get(tensor));
    } else {
      int value = value(tensor);
      requireNew(other);
      values.put(other, value);
    }
  }

  /** Adds an operation without weights that computes the node's output. */
  void append(OnnxNode node, Operation operation, Integer... inputs) {
    append(node, operation, Map.of(), inputs);
  }

  /** Adds an operation that computes the node's output. @param tensors its weights, by suffix */
  void append(
      OnnxNode node, Operation operation, Map<String, HostTensor> tensors, Integer... inputs) {
    requireNew(node.output());
    shapes.add(operation.outputShape(Arrays.stream(inputs).map(this::shape).toList()));
    operation
        .parameters()
        .forEach(
            spec -> {
              HostTensor tensor = tensors.get(spec.suffix());
              Refusal.unless(
                  spec.shape().equals(tensor.shape()),
                  "its "
                      + spec.suffix()
                      + " has shape "
                      + tensor.shape()
                      + " where "
                      + spec.shape()
                      + " is needed");
              weights.put(node.name() + "." + spec.suffix(), tensor);
            });
    values.put(node.output(), network.add(node.name(), operation, inputs));
  }

  /** The finished network. @param output name of the file's output */
  Network finish(String output) {
    int value = value(output);
    Refusal.unless(
        value > 0 && value == network.last(), "output '" + output + "' is not computed last");
    Refusal.unless(
        shape(value).dimension() == 1,
        "output '" + output + "' has shape " + shape(value) + " a sample, not a vector of logits");
    return network.build();
  }

  /** The weights of the finished network. */
  ParameterValues weights(Network finished) {
    return ParameterValues.of(finished, weights);
  }

  private void requireNew(String tensor) {
    boolean taken =
        values.containsKey(tensor) || constants.containsKey(tensor) || deferred.containsKey(tensor);
    Refusal.unless(!taken, "tensor '" + tensor + "' is computed twice");
  }
}

package dev.merlon.model.onnx;

import ai.djl.ndarray.types.Shape;
import ai.onnx.proto.OnnxMl.TensorProto;
import dev.merlon.model.network.Network;
import dev.merlon.model.network.Operation;
import dev.merlon.model.network.ParameterSpec;
import dev.merlon.model.network.ParameterValues;
import dev.merlon.model.tensor.HostTensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

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
  private final Map<String, String> aliases = new HashMap<>();
  private final Map<String, HostTensor> weights = new LinkedHashMap<>();
  private final Set<String> names = new HashSet<>();
  private final Map<String, Integer> numbers = new HashMap<>();

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

  /** Gives a tensor a second name. */
  void alias(String tensor, String other) {
    requireNew(other);
    aliases.put(other, original(tensor));
  }

  /** Whether a tensor is a constant of the file. */
  boolean isConstant(String tensor) {
    return constants.containsKey(original(tensor));
  }

  /** The values of a constant; refuses what is computed or not float32. */
  HostTensor constant(String tensor) {
    TensorProto constant = constants.get(original(tensor));
    if (constant == null) {
      throw new Refusal("its operand '" + tensor + "' is not a constant");
    }
    return TensorReader.float32(constant);
  }

  /** The network's number of a computed tensor. */
  int value(String tensor) {
    Deferred pending = deferred.remove(original(tensor));
    if (pending != null) {
      pending.settle(this);
    }
    Refusal.unless(!isConstant(tensor), "its operand '" + tensor + "' is a constant");
    Integer value = values.get(original(tensor));
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
    return Optional.ofNullable(deferred.get(original(tensor)));
  }

  /** Adds an operation without weights that computes the node's output. */
  void append(OnnxNode node, Operation operation, Integer... inputs) {
    append(node, operation, Map.of(), inputs);
  }

  /**
   * Adds an operation that computes the node's output.
   *
   * @param tensors its weights, by suffix
   */
  void append(
      OnnxNode node, Operation operation, Map<String, HostTensor> tensors, Integer... inputs) {
    requireNew(node.output());
    shapes.add(operation.outputShape(Arrays.stream(inputs).map(this::shape).toList()));
    String name = unique(node.name());
    for (ParameterSpec spec : operation.parameters()) {
      HostTensor tensor = Optional.ofNullable(tensors.get(spec.suffix())).orElseThrow();
      Refusal.unless(
          spec.shape().equals(tensor.shape()),
          String.format(
              "its %s has shape %s where %s is needed",
              spec.suffix(), tensor.shape(), spec.shape()));
      weights.put(name + "." + spec.suffix(), tensor);
    }
    values.put(node.output(), network.add(name, operation, inputs));
  }

  /**
   * The finished network.
   *
   * @param output name of the file's output
   */
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

  private String original(String tensor) {
    return aliases.getOrDefault(tensor, tensor);
  }

  /** The name, numbered where the file uses it more than once. */
  private String unique(String wanted) {
    String name = wanted;
    while (!names.add(name)) {
      name = wanted + "#" + (numbers.merge(wanted, 1, Integer::sum) + 1);
    }
    return name;
  }

  private void requireNew(String tensor) {
    boolean taken =
        Stream.of(values, constants, deferred, aliases)
            .anyMatch(known -> known.containsKey(tensor));
    Refusal.unless(!taken, "tensor '" + tensor + "' is computed twice");
  }
}

package dev.merlon.model.onnx.graph;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.onnx.proto.OnnxMl.TensorProto;
import dev.merlon.model.network.Network;
import dev.merlon.model.network.ParameterValues;
import dev.merlon.model.network.operation.Operation;
import dev.merlon.model.network.operation.ParameterSpec;
import dev.merlon.model.network.operation.Reshape;
import dev.merlon.model.tensor.HostTensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A network being read from a file: which tensor of the file is which value of the network, which
 * are constants, and the weights gathered so far. Not thread-safe.
 */
public final class GraphReader {
  private final Network.Builder network;
  private final OptionalLong batch;
  private final SizeLimit size;
  private final List<Shape> shapes = new ArrayList<>();
  private final List<DataType> types = new ArrayList<>();
  private final Map<String, Integer> values = new HashMap<>();
  private final Map<String, Deferred> deferred = new HashMap<>();
  private final Map<String, TensorProto> constants = new HashMap<>();
  private final Map<String, HostTensor> computed = new HashMap<>();
  private final Map<String, String> aliases = new HashMap<>();
  private final Map<String, HostTensor> weights = new LinkedHashMap<>();
  private final Set<String> names = new HashSet<>();
  private final Map<String, Integer> numbers = new HashMap<>();

  /** An operator that is added only when it is known whether the next one is to be joined to it. */
  public interface Deferred {
    /** Adds the operator by itself. */
    void settle(GraphReader graph);
  }

  /**
   * @param input name of the file's input
   * @param sample its shape without the batch axis
   * @param type its element type, float32 or float64
   * @param batch the length of the batch axis where the file fixes it
   */
  public GraphReader(String input, Shape sample, DataType type, OptionalLong batch) {
    this.network = Network.builder(sample);
    this.batch = batch;
    this.size = new SizeLimit(batch);
    size.add(sample);
    shapes.add(sample);
    types.add(type);
    values.put(input, 0);
  }

  /** The length of the batch axis where the file fixes it. */
  public OptionalLong batch() {
    return batch;
  }

  /** Makes a constant known. */
  public void define(String tensor, TensorProto value) {
    requireNew(tensor);
    constants.put(tensor, value);
  }

  /** Makes a constant known that was computed from others. */
  public void define(String tensor, HostTensor value) {
    requireNew(tensor);
    computed.put(tensor, value);
  }

  /** Gives a tensor a second name. */
  public void alias(String tensor, String other) {
    requireNew(other);
    aliases.put(other, original(tensor));
  }

  /** Gives a value of the network the name of the node's output. */
  public void alias(OnnxNode node, int value) {
    requireNew(node.output());
    values.put(node.output(), value);
  }

  /** Whether a tensor is a constant of the file. */
  public boolean isConstant(String tensor) {
    String name = original(tensor);
    return constants.containsKey(name) || computed.containsKey(name);
  }

  /** The values of a constant; refuses what is computed or neither float32 nor float64. */
  public HostTensor constant(String tensor) {
    HostTensor known = computed.get(original(tensor));
    return known == null ? TensorReader.real(stored(tensor)) : known;
  }

  /** The values of an int64 constant. */
  public List<Long> integers(String tensor) {
    return TensorReader.integers(stored(tensor));
  }

  /** A boolean constant. */
  public boolean flag(String tensor) {
    return TensorReader.flag(stored(tensor));
  }

  /** A constant as the file has it; refuses what is computed. */
  TensorProto stored(String tensor) {
    TensorProto constant = constants.get(original(tensor));
    if (constant == null) {
      throw new ModelFormatException("its operand '" + tensor + "' is not a constant of the file");
    }
    return constant;
  }

  /** The network's number of a computed tensor. */
  public int value(String tensor) {
    Deferred pending = deferred.remove(original(tensor));
    if (pending != null) {
      pending.settle(this);
    }
    ModelFormatException.unless(!isConstant(tensor), "its operand '" + tensor + "' is a constant");
    Integer value = values.get(original(tensor));
    if (value == null) {
      throw new ModelFormatException(
          "its operand '" + tensor + "' is computed by nothing before it");
    }
    return value;
  }

  /** Shape of a value of the network for one sample. */
  public Shape shape(int value) {
    return shapes.get(value);
  }

  /** Element type of a value in the file. */
  public DataType type(int value) {
    return types.get(value);
  }

  /** Keeps an operator back until something other than its partner takes its result. */
  public void defer(String tensor, Deferred pending) {
    requireNew(tensor);
    deferred.put(tensor, pending);
  }

  /** The operator kept back that computes a tensor. */
  public Optional<Deferred> deferred(String tensor) {
    return Optional.ofNullable(deferred.get(original(tensor)));
  }

  /** Adds an operation without weights that computes the node's output. */
  public void append(OnnxNode node, Operation operation, Integer... inputs) {
    append(node, operation, Map.of(), inputs);
  }

  /**
   * Adds an operation that computes the node's output.
   *
   * @param tensors its weights, by suffix
   */
  public void append(
      OnnxNode node, Operation operation, Map<String, HostTensor> tensors, Integer... inputs) {
    requireNew(node.output());
    values.put(node.output(), add(node, operation, tensors, inputs));
  }

  /** Adds an operation on the way to the node's output, and gives the number of its value. */
  public int add(OnnxNode node, Operation operation, Integer... inputs) {
    return add(node, operation, Map.of(), inputs);
  }

  /** Adds an operation with weights, by suffix, and gives the number of its value. */
  public int add(
      OnnxNode node, Operation operation, Map<String, HostTensor> tensors, Integer... inputs) {
    Shape shape = check(operation, tensors, inputs);
    size.add(shape);
    String name = unique(node.name());
    tensors.forEach((suffix, tensor) -> weights.put(name + "." + suffix, tensor));
    shapes.add(shape);
    types.add(type(inputs[0]));
    return network.add(name, operation, inputs);
  }

  /** The shape of an operation's result; refuses operands and weights that do not fit. */
  public Shape check(Operation operation, Map<String, HostTensor> tensors, Integer... inputs) {
    Shape shape = operation.outputShape(Arrays.stream(inputs).map(this::shape).toList());
    for (ParameterSpec spec : operation.parameters()) {
      HostTensor tensor = Optional.ofNullable(tensors.get(spec.suffix())).orElseThrow();
      ModelFormatException.unless(
          spec.shape().equals(tensor.shape()),
          String.format(
              "its %s has shape %s where %s is needed",
              spec.suffix(), tensor.shape(), spec.shape()));
      requireType(tensor, inputs[0]);
    }
    return shape;
  }

  /** Refuses a constant of another type than a value that it meets. */
  public void requireType(HostTensor constant, int value) {
    ModelFormatException.unless(
        constant.type() == type(value),
        String.format("a constant of it is %s beside %s", constant.type(), type(value)));
  }

  /** Gives the node's output the type that it is cast to; exact, so that nothing is computed. */
  public void widen(OnnxNode node, DataType type, int value) {
    append(node, new Reshape(shape(value)), value);
    types.set(types.size() - 1, type);
  }

  /**
   * The finished network.
   *
   * @param output name of the file's output
   */
  public Network finish(String output) {
    int value = value(output);
    ModelFormatException.unless(
        value > 0 && value == network.last(), "output '" + output + "' is not computed last");
    ModelFormatException.unless(
        shape(value).dimension() == 1,
        "output '" + output + "' has shape " + shape(value) + " a sample, not a vector of logits");
    return network.build();
  }

  /** The weights of the finished network. */
  public ParameterValues weights(Network finished) {
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
        Stream.of(values, constants, computed, deferred, aliases)
            .anyMatch(known -> known.containsKey(tensor));
    ModelFormatException.unless(!taken, "tensor '" + tensor + "' is computed twice");
  }
}

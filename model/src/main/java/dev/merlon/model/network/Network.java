package dev.merlon.model.network;

import ai.djl.ndarray.types.Shape;
import dev.merlon.config.failure.MerlonException;
import dev.merlon.model.network.operation.Activation;
import dev.merlon.model.network.operation.Linear;
import dev.merlon.model.network.operation.Nonlinear;
import dev.merlon.model.network.operation.Operation;
import dev.merlon.model.network.operation.OperationVisitor;
import dev.merlon.model.network.operation.ParameterSpec;
import dev.merlon.model.network.operation.ShapeMismatch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * An immutable directed acyclic graph of operations from an input to logits, in topological order.
 * It holds no tensors: those are named by {@link #parameters} and live in {@link ParameterValues}.
 * The value of the last node is the network's output.
 */
public final class Network {
  private final Shape inputShape;
  private final List<Node> nodes;

  private Network(Shape inputShape, List<Node> nodes) {
    this.inputShape = inputShape;
    this.nodes = List.copyOf(nodes);
  }

  /** Starts a network that takes samples of this shape, without the batch axis. */
  public static Builder builder(Shape inputShape) {
    return new Builder(inputShape);
  }

  /** Shape of one sample, for example {@code (1, 28, 28)}. */
  public Shape inputShape() {
    return inputShape;
  }

  /** The nodes in topological order; node {@code i} of the list computes value {@code i + 1}. */
  public List<Node> nodes() {
    return nodes;
  }

  /** The node whose value is the network's output. */
  public Node output() {
    return nodes.get(nodes.size() - 1);
  }

  /** Number of logits. */
  public int classes() {
    return Math.toIntExact(output().shape().size());
  }

  /** The node that computes value {@code id}; {@code id} is at least 1. */
  public Node node(int id) {
    return nodes.get(id - 1);
  }

  /** Shape of a value for one sample; value 0 is the input. */
  public Shape shape(int id) {
    return id == 0 ? inputShape : node(id).shape();
  }

  /** Number of all values of one sample, the input's included. */
  public long values() {
    return inputShape.size() + nodes.stream().mapToLong(node -> node.shape().size()).sum();
  }

  /** The nodes that backward bounds need a relaxation of, in order. */
  public List<Node> nonlinear() {
    return nodes.stream().filter(n -> n.operation() instanceof Nonlinear).toList();
  }

  /** The nodes that apply a function to each neuron, in order. */
  public List<Node> activations() {
    return nodes.stream().filter(n -> n.operation() instanceof Activation).toList();
  }

  /** The rectifiers, leaky ones too, in order: neurons that are active, inactive or unstable. */
  public List<Node> rectifiers() {
    return nodes.stream()
        .filter(n -> n.operation() instanceof Activation a && a.isRectifier())
        .toList();
  }

  /** The last node if it is a fully connected layer, which bounds on margins are merged with. */
  public Optional<Linear> finalLinear() {
    return output().operation() instanceof Linear linear ? Optional.of(linear) : Optional.empty();
  }

  /** All tensors by name, in node order. */
  public Map<String, ParameterSpec> parameters() {
    Map<String, ParameterSpec> specs = new LinkedHashMap<>();
    for (Node node : nodes) {
      node.operation().parameters().forEach(spec -> specs.put(node.parameter(spec.suffix()), spec));
    }
    return specs;
  }

  /**
   * Interprets the network forwards: every node's value from the values it takes.
   *
   * @param visitor what each operation does
   * @param input value 0
   * @return all values, by number
   */
  public <V> List<V> evaluate(OperationVisitor<Operands<V>, V> visitor, V input) {
    return evaluateFrom(0, visitor, input);
  }

  /**
   * Interprets the part of the network behind an inner value forwards.
   *
   * @param cut number of a value that {@link #isCut}
   * @param visitor what each operation does
   * @param value the value {@code cut}
   * @return the values from {@code cut} on, in order
   */
  public <V> List<V> evaluateFrom(int cut, OperationVisitor<Operands<V>, V> visitor, V value) {
    List<V> values = new ArrayList<>(nodes.size() + 1 - cut);
    values.add(value);
    for (Node node : nodes.subList(cut, nodes.size())) {
      List<V> operands = node.inputs().stream().map(id -> values.get(id - cut)).toList();
      values.add(node.operation().accept(visitor, new Operands<>(node, operands)));
    }
    return values;
  }

  /** Whether everything behind a value depends on it alone, not on other values before it. */
  public boolean isCut(int value) {
    return nodes.subList(value, nodes.size()).stream()
        .flatMap(node -> node.inputs().stream())
        .allMatch(id -> id >= value);
  }

  /**
   * What an operation of a forward interpretation is given.
   *
   * @param node the place in the network
   * @param values its operands
   */
  public record Operands<V>(Node node, List<V> values) {
    /** The only or first operand. */
    public V first() {
      return values.get(0);
    }

    /** The second operand. */
    public V second() {
      return values.get(1);
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Network that
        && inputShape.equals(that.inputShape)
        && nodes.equals(that.nodes);
  }

  @Override
  public int hashCode() {
    return 31 * inputShape.hashCode() + nodes.hashCode();
  }

  @Override
  public String toString() {
    return "Network" + inputShape + nodes.stream().map(Node::name).toList();
  }

  /** Builds a network node by node; every error names the node. */
  public static final class Builder {
    private final Shape inputShape;
    private final List<Node> nodes = new ArrayList<>();
    private final Set<String> names = new HashSet<>();

    private Builder(Shape inputShape) {
      this.inputShape = inputShape;
    }

    /** Number of the last value: the input's, 0, at the start. */
    public int last() {
      return nodes.size();
    }

    /** Shape of the last value. */
    public Shape lastShape() {
      return shape(last());
    }

    /** Adds a node that takes the last value. Returns the number of its value. */
    public int append(String name, Operation operation) {
      return add(name, operation, last());
    }

    /** Adds a node that takes these values. Returns the number of its value. */
    public int add(String name, Operation operation, Integer... inputs) {
      List<Integer> operands = Arrays.asList(inputs);
      if (!names.add(name)) {
        throw invalid(name, "the name is used twice");
      }
      if (operands.size() != operation.arity()
          || operands.stream().anyMatch(i -> i < 0 || i > last())) {
        throw invalid(
            name, "it takes " + operation.arity() + " earlier value(s) but was given " + operands);
      }
      try {
        Shape shape = operation.outputShape(operands.stream().map(this::shape).toList());
        nodes.add(new Node(last() + 1, name, operation, operands, shape));
        return last();
      } catch (ShapeMismatch e) {
        throw invalid(name, String.valueOf(e.getMessage()));
      }
    }

    /** The finished network. */
    public Network build() {
      if (nodes.isEmpty() || lastShape().dimension() != 1) {
        throw invalid(
            nodes.isEmpty() ? "input" : nodes.get(nodes.size() - 1).name(),
            "a classifier must end in a vector of logits");
      }
      Stream<Integer> used = nodes.stream().flatMap(n -> n.inputs().stream());
      Set<Integer> taken = new HashSet<>(used.toList());
      for (Node node : nodes.subList(0, nodes.size() - 1)) {
        if (!taken.contains(node.id())) {
          throw invalid(node.name(), "its value is used by no other layer");
        }
      }
      return new Network(inputShape, nodes);
    }

    /** Shape of a value; 0 is the input. */
    public Shape shape(int id) {
      return id == 0 ? inputShape : nodes.get(id - 1).shape();
    }

    private static MerlonException invalid(String layer, String problem) {
      return MerlonException.configuration(
          "Network layer '" + layer + "': " + problem + ".", "Correct the layer list.");
    }
  }
}

package dev.merlon.model.bound.linear;

import ai.djl.ndarray.types.Shape;
import dev.merlon.model.network.Network;
import dev.merlon.model.network.Node;
import dev.merlon.model.network.operation.Add;
import dev.merlon.model.network.operation.AveragePool;
import dev.merlon.model.network.operation.BatchNorm;
import dev.merlon.model.network.operation.Concat;
import dev.merlon.model.network.operation.Conv2d;
import dev.merlon.model.network.operation.Elementwise;
import dev.merlon.model.network.operation.GlobalAveragePool;
import dev.merlon.model.network.operation.LeakyRelu;
import dev.merlon.model.network.operation.Linear;
import dev.merlon.model.network.operation.MaxPool;
import dev.merlon.model.network.operation.Nonlinear;
import dev.merlon.model.network.operation.NonlinearVisitor;
import dev.merlon.model.network.operation.Normalize;
import dev.merlon.model.network.operation.OperationVisitor;
import dev.merlon.model.network.operation.Pad;
import dev.merlon.model.network.operation.Rearrangement;
import dev.merlon.model.network.operation.Relu;
import dev.merlon.model.network.operation.Sigmoid;
import dev.merlon.model.network.operation.Tanh;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The receptive fields of a value's neurons in all values that they are computed from, for values
 * behind convolutions alone. A neuron's coefficients are 0 outside of its fields.
 *
 * @param network that the values belong to
 * @param byValue the fields by number of the value, from the neurons' own back to the input
 */
record Fields(Network network, Map<Integer, Field> byValue) {
  /**
   * The fields of the neurons of a value.
   *
   * @return empty where something on the way has no windows, or they are no smaller than the values
   */
  static Optional<Fields> of(Network network, int value) {
    Map<Integer, Field> fields = new LinkedHashMap<>();
    Optional<Field> field =
        network.shape(value).dimension() == 3 ? Optional.of(Field.OWN) : Optional.empty();
    int at = value;
    while (field.isPresent() && at > 0) {
      fields.put(at, field.get());
      Node node = network.node(at);
      field = node.operation().accept(new Back(), field.get());
      at = node.inputs().get(0);
    }
    return field.map(last -> closed(network, fields, last)).filter(Fields::areSmaller);
  }

  private static Fields closed(Network network, Map<Integer, Field> fields, Field last) {
    fields.put(0, last);
    return new Fields(network, Map.copyOf(fields));
  }

  /** The field in a value. */
  Field in(int value) {
    return Optional.ofNullable(byValue.get(value)).orElseThrow();
  }

  /** What a field in a value holds, {@code (C, h, w)}. */
  Shape shape(int value) {
    return in(value).of(network.shape(value));
  }

  /** Coefficients of one neuron on all values together. */
  long coefficients() {
    return byValue.keySet().stream().mapToLong(value -> shape(value).size()).sum();
  }

  /** The most coefficients of one neuron on one value. */
  long widest() {
    return byValue.keySet().stream().mapToLong(value -> shape(value).size()).max().orElseThrow();
  }

  private boolean areSmaller() {
    long whole = byValue.keySet().stream().mapToLong(value -> network.shape(value).size()).sum();
    return coefficients() < whole;
  }

  /** The field in an operation's operand. */
  private static final class Back
      implements OperationVisitor<Field, Optional<Field>>,
          NonlinearVisitor<Field, Optional<Field>> {
    @Override
    public Optional<Field> conv2d(Conv2d operation, Field field) {
      return Optional.of(field.behind(operation));
    }

    @Override
    public Optional<Field> normalize(Normalize operation, Field field) {
      return Optional.of(field);
    }

    @Override
    public Optional<Field> batchNorm(BatchNorm operation, Field field) {
      return Optional.of(field);
    }

    @Override
    public Optional<Field> nonlinear(Nonlinear operation, Field field) {
      return operation.acceptNonlinear(this, field);
    }

    @Override
    public Optional<Field> relu(Relu operation, Field field) {
      return Optional.of(field);
    }

    @Override
    public Optional<Field> leakyRelu(LeakyRelu operation, Field field) {
      return Optional.of(field);
    }

    @Override
    public Optional<Field> sigmoid(Sigmoid operation, Field field) {
      return Optional.of(field);
    }

    @Override
    public Optional<Field> tanh(Tanh operation, Field field) {
      return Optional.of(field);
    }

    @Override
    public Optional<Field> maxPool(MaxPool operation, Field field) {
      return Optional.empty();
    }

    @Override
    public Optional<Field> linear(Linear operation, Field field) {
      return Optional.empty();
    }

    @Override
    public Optional<Field> averagePool(AveragePool operation, Field field) {
      return Optional.empty();
    }

    @Override
    public Optional<Field> globalAveragePool(GlobalAveragePool operation, Field field) {
      return Optional.empty();
    }

    // Its ways back would have fields of different extent.
    @Override
    public Optional<Field> add(Add operation, Field field) {
      return Optional.empty();
    }

    @Override
    public Optional<Field> concat(Concat operation, Field field) {
      return Optional.empty();
    }

    // Its constants may differ from place to place.
    @Override
    public Optional<Field> elementwise(Elementwise operation, Field field) {
      return Optional.empty();
    }

    @Override
    public Optional<Field> pad(Pad operation, Field field) {
      return Optional.empty();
    }

    @Override
    public Optional<Field> rearrange(Rearrangement operation, Field field) {
      return Optional.empty();
    }
  }
}

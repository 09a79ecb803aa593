package dev.merlon.model.onnx.operator;

import dev.merlon.model.network.Network.Operands;
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
import dev.merlon.model.onnx.graph.GraphWriter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The register of all mappings: by operation when writing, by ONNX operator when reading. */
public final class OperatorMappings {
  private static final Map<String, OperatorMapping> READERS =
      byOperator(
          new ArithmeticMapping(),
          new ConvMapping(),
          new GemmMapping(),
          new MatMulMapping(),
          new BatchNormMapping(),
          new ActivationMapping(),
          new PoolMapping(),
          new RearrangementMapping(),
          new ConcatMapping(),
          new PadMapping(),
          new ClipMapping(),
          new CastMapping(),
          new DropoutMapping(),
          new TrailingSoftmax(),
          new IdentityMapping(),
          new ConstantMapping());

  private OperatorMappings() {}

  /** The mapping that reads an ONNX operator, if there is one. */
  public static Optional<OperatorMapping> reading(String operator) {
    return Optional.ofNullable(READERS.get(operator));
  }

  /** All ONNX operators that are read, in alphabetical order. */
  static List<String> operators() {
    return List.copyOf(READERS.keySet());
  }

  /** The ONNX interpretation of a network: writes each operation, gives the name of its tensor. */
  public static final class Writing
      implements OperationVisitor<Operands<String>, String>,
          NonlinearVisitor<Operands<String>, String> {
    private final GraphWriter graph;

    /** Writes into this graph. */
    public Writing(GraphWriter graph) {
      this.graph = graph;
    }

    @Override
    public String normalize(Normalize operation, Operands<String> at) {
      return NormalizeMapping.write(operation, at, graph);
    }

    @Override
    public String conv2d(Conv2d operation, Operands<String> at) {
      return ConvMapping.write(operation, at, graph);
    }

    @Override
    public String linear(Linear operation, Operands<String> at) {
      return GemmMapping.write(operation, at, graph);
    }

    @Override
    public String batchNorm(BatchNorm operation, Operands<String> at) {
      return BatchNormMapping.write(operation, at, graph);
    }

    @Override
    public String nonlinear(Nonlinear operation, Operands<String> at) {
      return operation.acceptNonlinear(this, at);
    }

    @Override
    public String relu(Relu operation, Operands<String> at) {
      return ActivationMapping.write(ActivationMapping.RELU, at, graph);
    }

    @Override
    public String leakyRelu(LeakyRelu operation, Operands<String> at) {
      return ActivationMapping.write(operation, at, graph);
    }

    @Override
    public String sigmoid(Sigmoid operation, Operands<String> at) {
      return ActivationMapping.write(ActivationMapping.SIGMOID, at, graph);
    }

    @Override
    public String tanh(Tanh operation, Operands<String> at) {
      return ActivationMapping.write(ActivationMapping.TANH, at, graph);
    }

    @Override
    public String maxPool(MaxPool operation, Operands<String> at) {
      return PoolMapping.write(operation, at, graph);
    }

    @Override
    public String averagePool(AveragePool operation, Operands<String> at) {
      return PoolMapping.write(operation, at, graph);
    }

    @Override
    public String globalAveragePool(GlobalAveragePool operation, Operands<String> at) {
      return PoolMapping.write(at, graph);
    }

    @Override
    public String add(Add operation, Operands<String> at) {
      return ArithmeticMapping.write(at, graph);
    }

    @Override
    public String concat(Concat operation, Operands<String> at) {
      return ConcatMapping.write(operation, at, graph);
    }

    @Override
    public String elementwise(Elementwise operation, Operands<String> at) {
      return ArithmeticMapping.write(operation, at, graph);
    }

    @Override
    public String pad(Pad operation, Operands<String> at) {
      return PadMapping.write(operation, at, graph);
    }

    @Override
    public String rearrange(Rearrangement operation, Operands<String> at) {
      return RearrangementMapping.write(operation, at, graph);
    }
  }

  private static Map<String, OperatorMapping> byOperator(OperatorMapping... mappings) {
    Map<String, OperatorMapping> byOperator = new TreeMap<>();
    for (OperatorMapping mapping : mappings) {
      mapping.operators().forEach(operator -> byOperator.put(operator, mapping));
    }
    return byOperator;
  }
}

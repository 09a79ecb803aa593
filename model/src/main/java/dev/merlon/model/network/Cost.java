package dev.merlon.model.network;

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
import dev.merlon.model.network.operation.ParameterSpec;
import dev.merlon.model.network.operation.Rearrangement;
import dev.merlon.model.network.operation.Relu;
import dev.merlon.model.network.operation.Sigmoid;
import dev.merlon.model.network.operation.Tanh;
import dev.merlon.model.network.operation.Transpose;
import dev.merlon.model.tensor.Convolution.Extent;
import java.util.List;

/**
 * What interpreting a network for one sample takes: the cost interpretation. A multiplication and
 * an addition count as one operation each; what is done once per batch, such as taking absolute
 * weights, does not count.
 *
 * @param parameters numbers in all tensors, statistics included
 * @param trainable numbers that an optimiser changes
 * @param concrete the pass that gives logits, with running statistics
 * @param clean the pass that gives logits in training: batch norm measures the batch
 * @param box the pass of interval bound propagation: centre and radius through affine layers, both
 *     corners through nonlinear operations
 */
public record Cost(long parameters, long trainable, Pass concrete, Pass clean, Pass box) {

  /**
   * One pass over one sample.
   *
   * @param flops floating-point operations
   * @param values numbers that operations write, which a backward pass needs to be kept
   */
  public record Pass(long flops, long values) {
    private static final Pass NONE = new Pass(0, 0);

    private Pass plus(Pass other) {
      return new Pass(flops + other.flops, values + other.values);
    }
  }

  /** The cost of a network. */
  public static Cost of(Network network) {
    long parameters = 0;
    long trainable = 0;
    for (ParameterSpec spec : network.parameters().values()) {
      parameters += spec.shape().size();
      trainable += spec.role().trainable() ? spec.shape().size() : 0;
    }
    Passes total = passes(network, network.nodes());
    return new Cost(parameters, trainable, total.concrete(), total.clean(), total.box());
  }

  /**
   * The pass that gives logits from an inner value.
   *
   * @param cut number of the value, which {@link Network#isCut}
   */
  public static Pass concreteFrom(int cut, Network network) {
    List<Node> behind = network.nodes().subList(cut, network.nodes().size());
    return passes(network, behind).concrete();
  }

  private static Passes passes(Network network, List<Node> nodes) {
    Passes total = new Passes(Pass.NONE, Pass.NONE, Pass.NONE);
    for (Node node : nodes) {
      total = total.plus(node.operation().accept(new PerNode(network), node));
    }
    return total;
  }

  private record Passes(Pass concrete, Pass clean, Pass box) {
    /** The same in both passes for logits. */
    static Passes of(Pass concrete, Pass box) {
      return new Passes(concrete, concrete, box);
    }

    Passes plus(Passes other) {
      return new Passes(
          concrete.plus(other.concrete), clean.plus(other.clean), box.plus(other.box));
    }
  }

  private static final class PerNode
      implements OperationVisitor<Node, Passes>, NonlinearVisitor<Node, Passes> {
    private final Network network;

    PerNode(Network network) {
      this.network = network;
    }

    /** A product and a sum; the radius needs the product only. */
    @Override
    public Passes normalize(Normalize operation, Node node) {
      return Passes.of(times(2, node), times(3, node));
    }

    @Override
    public Passes conv2d(Conv2d operation, Node node) {
      Extent kernel = operation.kernel();
      long taps = (long) operation.inPerGroup() * kernel.height() * kernel.width();
      return affine(node, taps, operation.bias());
    }

    @Override
    public Passes linear(Linear operation, Node node) {
      return affine(node, operation.in(), operation.bias());
    }

    /** Normalising, and before it in training the mean, the deviations and their squares. */
    @Override
    public Passes batchNorm(BatchNorm operation, Node node) {
      Pass measured = new Pass(6 * size(node), 4 * size(node));
      return new Passes(times(2, node), measured, times(3, node));
    }

    @Override
    public Passes nonlinear(Nonlinear operation, Node node) {
      return operation.acceptNonlinear(this, node);
    }

    @Override
    public Passes relu(Relu operation, Node node) {
      return monotone(1, node);
    }

    /** Two rectifications, two sign changes or products, a difference. */
    @Override
    public Passes leakyRelu(LeakyRelu operation, Node node) {
      return monotone(5, node);
    }

    @Override
    public Passes sigmoid(Sigmoid operation, Node node) {
      return monotone(1, node);
    }

    @Override
    public Passes tanh(Tanh operation, Node node) {
      return monotone(1, node);
    }

    @Override
    public Passes maxPool(MaxPool operation, Node node) {
      Pass one = new Pass((operation.windows().taps() - 1) * size(node), size(node));
      return Passes.of(one, corners(operandSize(node), size(node)).plus(one).plus(one));
    }

    @Override
    public Passes averagePool(AveragePool operation, Node node) {
      return mean(operation.windows().taps(), node);
    }

    @Override
    public Passes globalAveragePool(GlobalAveragePool operation, Node node) {
      return mean(operandSize(node) / size(node), node);
    }

    @Override
    public Passes add(Add operation, Node node) {
      return Passes.of(times(1, node), times(2, node));
    }

    /** One operation each; in a box, on both centre and radius, and an addition on the centre. */
    @Override
    public Passes elementwise(Elementwise operation, Node node) {
      return Passes.of(times(1, node), times(2, node));
    }

    /** Nothing but copies. */
    @Override
    public Passes concat(Concat operation, Node node) {
      return copies(node);
    }

    @Override
    public Passes pad(Pad operation, Node node) {
      return copies(node);
    }

    /** A view of what it is given, or a copy where axes change places. */
    @Override
    public Passes rearrange(Rearrangement operation, Node node) {
      return operation instanceof Transpose ? copies(node) : Passes.of(Pass.NONE, Pass.NONE);
    }

    private static Passes copies(Node node) {
      return Passes.of(new Pass(0, size(node)), new Pass(0, 2 * size(node)));
    }

    /** Centre and radius are mapped alike, the latter without the bias. */
    private static Passes affine(Node node, long length, boolean bias) {
      long products = size(node) * (2 * length - 1);
      long biases = bias ? size(node) : 0;
      return Passes.of(
          new Pass(products + biases, size(node)), new Pass(2 * products + biases, 2 * size(node)));
    }

    /** Centre and radius are averaged alike. */
    private static Passes mean(long taps, Node node) {
      Pass one = new Pass(taps * size(node), size(node));
      return Passes.of(one, one.plus(one));
    }

    /** So many operations for each neuron alone; in a box, for both corners. */
    private static Passes monotone(int operations, Node node) {
      Pass one = times(operations, node);
      return Passes.of(one, corners(size(node), size(node)).plus(one).plus(one));
    }

    /** Corners from centre and radius before, centre and radius from corners after. */
    private static Pass corners(long before, long after) {
      long numbers = 2 * before + 4 * after;
      return new Pass(numbers, numbers);
    }

    private long operandSize(Node node) {
      return network.shape(node.inputs().get(0)).size();
    }

    /** So many operations on every value of a node, each written down. */
    private static Pass times(int operations, Node node) {
      return new Pass(operations * size(node), operations * size(node));
    }

    private static long size(Node node) {
      return node.shape().size();
    }
  }
}

package dev.merlon.model.network;

import dev.merlon.model.tensor.Convolution.Extent;

/**
 * What interpreting a network for one sample takes: the cost interpretation. A multiplication and
 * an addition count as one operation each; what is done once per batch, such as taking absolute
 * weights, does not count.
 *
 * @param parameters numbers in all tensors, statistics included
 * @param trainable numbers that an optimiser changes
 * @param concrete the pass that gives logits
 * @param box the pass of interval bound propagation: centre and radius through affine layers, both
 *     corners through rectifiers
 */
public record Cost(long parameters, long trainable, Pass concrete, Pass box) {

  /**
   * One pass over one sample.
   *
   * @param flops floating-point operations
   * @param values numbers that operations write, which a backward pass needs to be kept
   */
  public record Pass(long flops, long values) {
    private static final Pass NONE = new Pass(0, 0);

    /**
     * Memory of all values that are written.
     *
     * @param bytesPerNumber 4 for float32, 8 for float64
     */
    public long bytes(int bytesPerNumber) {
      return values * bytesPerNumber;
    }

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
    Passes total = new Passes(Pass.NONE, Pass.NONE);
    for (Node node : network.nodes()) {
      total = total.plus(node.operation().accept(new PerNode(), node));
    }
    return new Cost(parameters, trainable, total.concrete(), total.box());
  }

  private record Passes(Pass concrete, Pass box) {
    Passes plus(Passes other) {
      return new Passes(concrete.plus(other.concrete), box.plus(other.box));
    }

    /** An affine map: its box pass maps centre and radius. */
    static Passes affine(long flops, long values) {
      return new Passes(new Pass(flops, values), new Pass(2 * flops, 2 * values));
    }
  }

  private static final class PerNode implements OperationVisitor<Node, Passes> {
    @Override
    public Passes normalize(Normalize operation, Node node) {
      return Passes.affine(2 * size(node), size(node));
    }

    @Override
    public Passes conv2d(Conv2d operation, Node node) {
      Extent kernel = operation.kernel();
      long taps = (long) operation.in() * kernel.height() * kernel.width();
      return Passes.affine(dots(node, taps, operation.bias()), size(node));
    }

    @Override
    public Passes linear(Linear operation, Node node) {
      return Passes.affine(dots(node, operation.in(), operation.bias()), size(node));
    }

    @Override
    public Passes batchNorm(BatchNorm operation, Node node) {
      return Passes.affine(2 * size(node), size(node));
    }

    /** Box: corners from centre and radius, their rectification, centre and radius from corners. */
    @Override
    public Passes relu(Relu operation, Node node) {
      return new Passes(
          new Pass(size(node), size(node)), new Pass(8 * size(node), 8 * size(node)));
    }

    @Override
    public Passes add(Add operation, Node node) {
      return Passes.affine(size(node), size(node));
    }

    /** A view of what it is given. */
    @Override
    public Passes flatten(Flatten operation, Node node) {
      return new Passes(Pass.NONE, Pass.NONE);
    }

    private static long dots(Node node, long length, boolean bias) {
      return size(node) * (2 * length - 1 + (bias ? 1 : 0));
    }

    private static long size(Node node) {
      return node.shape().size();
    }
  }
}

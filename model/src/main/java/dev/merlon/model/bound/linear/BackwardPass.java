package dev.merlon.model.bound.linear;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import dev.merlon.model.bound.box.BoxTrace;
import dev.merlon.model.bound.box.InputSet;
import dev.merlon.model.network.AffineMap;
import dev.merlon.model.network.ChannelAffine;
import dev.merlon.model.network.LiveNetwork;
import dev.merlon.model.network.Node;
import dev.merlon.model.network.operation.Add;
import dev.merlon.model.network.operation.AveragePool;
import dev.merlon.model.network.operation.BatchNorm;
import dev.merlon.model.network.operation.Concat;
import dev.merlon.model.network.operation.Conv2d;
import dev.merlon.model.network.operation.Elementwise;
import dev.merlon.model.network.operation.GlobalAveragePool;
import dev.merlon.model.network.operation.Linear;
import dev.merlon.model.network.operation.Nonlinear;
import dev.merlon.model.network.operation.Normalize;
import dev.merlon.model.network.operation.OperationVisitor;
import dev.merlon.model.network.operation.Pad;
import dev.merlon.model.network.operation.Rearrangement;
import dev.merlon.model.norm.Rows;
import dev.merlon.model.tensor.Scope;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The backward linear interpretation (CROWN, Zhang et al. 2018): lower bounds of linear functions
 * of one value, carried back to the input through adjoint affine maps and relaxations, and
 * concretised there, or on the way as well. Upper bounds are the negative lower bounds of the
 * negated rows.
 *
 * @param live the network
 * @param relaxations of the nonlinear operations, by number of the operation's value
 * @param input where the inputs may be
 * @param boxes over which the functions are concretised behind every layer too, the best of all
 *     bounds being the result (CTBench's CROWN-IBP); without, at the input alone
 * @param rounding what rounding may cost; without, it is not accounted for
 * @param frame which part of each value rows have coefficients on
 */
public record BackwardPass(
    LiveNetwork live,
    Map<Integer, Relaxation> relaxations,
    InputSet input,
    Optional<BoxTrace> boxes,
    Optional<RoundingErrors> rounding,
    Frame frame) {

  /** A pass over whole values. */
  public BackwardPass(
      LiveNetwork live,
      Map<Integer, Relaxation> relaxations,
      InputSet input,
      Optional<BoxTrace> boxes,
      Optional<RoundingErrors> rounding) {
    this(live, relaxations, input, boxes, rounding, new Frame.Whole(live.network()));
  }

  /** A point of each input set, {@code [N, C, H, W]}. */
  NDArray x() {
    return input.point();
  }

  /**
   * Lower bounds of {@code <row, value>} over the input sets.
   *
   * @param rows {@code [N or 1, R, ...]} in an open scope of the caller
   * @return {@code [N, R]}, owned by the scope of the input sets
   */
  public NDArray lower(int value, NDArray rows) {
    try (Scope scope = Scope.within(x(), "backward bounds")) {
      LinearForm form = new LinearForm(scope, value, scope.view(rows), rounding);
      Optional<NDArray> onTheWay = Optional.empty();
      for (int id = value; id > 0; id--) {
        step(form, live.network().node(id), scope);
        if (id > 1 && boxes.isPresent()) {
          NDArray here = form.lowerOver(boxes.get());
          onTheWay = Optional.of(onTheWay.map(best -> best.maximum(here)).orElse(here));
        }
      }
      NDArray atInput = form.take(0, scope).orElseThrow();
      NDArray minimum = input.in(scope).minimum(Rows.flattened(atInput));
      NDArray last = form.lowered(minimum.add(form.constant()));
      NDArray bounds = onTheWay.map(last::maximum).orElse(last);
      bounds.attach(x().getManager());
      return bounds;
    }
  }

  /**
   * {@code <row, value>} as functions of the input and of nonlinear operations' values.
   *
   * @param rows {@code [N or 1, R, ...]}
   * @param scope owner of the result
   */
  LinearForm toNonlinear(int value, NDArray rows, Scope scope) {
    LinearForm form = new LinearForm(scope, value, scope.view(rows), Optional.empty());
    for (int id = value; id > 0; id--) {
      Node node = live.network().node(id);
      if (!(node.operation() instanceof Nonlinear)) {
        step(form, node, scope);
      }
    }
    return form;
  }

  // What a layer leaves behind is freed before the next one is visited.
  private void step(LinearForm form, Node node, Scope scope) {
    try (Scope layer = scope.child("backward layer")) {
      form.take(node.id(), layer)
          .ifPresent(
              a -> {
                NDArray onOperands =
                    node.operation()
                        .accept(new Adjoint(form), new At(node, frame.shape(node.id()), a));
                for (int i = 0; i < node.inputs().size(); i++) {
                  form.add(node.inputs().get(i), layer.view(part(node, onOperands, i)));
                }
              });
    }
  }

  /** What a node's adjoint gives to one of its operands: the same to each, save behind a concat. */
  private NDArray part(Node node, NDArray onOperands, int operand) {
    if (!(node.operation() instanceof Concat concat)) {
      return onOperands;
    }
    Shape rows = onOperands.getShape().slice(0, 2);
    List<Shape> shapes = node.inputs().stream().map(live.network()::shape).toList();
    NDArray batch = onOperands.reshape(new Shape(rows.size()).addAll(node.shape()));
    return AffineMap.adjoint(concat, batch, shapes, operand)
        .reshape(rows.addAll(shapes.get(operand)));
  }

  /** Coefficients on a node's value. */
  private record At(Node node, Shape shape, NDArray a) {
    long samples() {
      return a.getShape().get(0);
    }

    long rows() {
      return a.getShape().get(1);
    }

    /** The coefficients as a batch of {@code samples * rows}. */
    NDArray batch() {
      return a.reshape(new Shape(samples() * rows()).addAll(shape));
    }

    /** A batch of coefficients on the operand, split into samples and rows again. */
    NDArray split(NDArray batch) {
      Shape shape = batch.getShape();
      return batch.reshape(new Shape(samples(), rows()).addAll(shape.slice(1)));
    }

    /** {@code <a, values>} for values per channel or per element, {@code [samples, rows]}. */
    NDArray dot(NDArray values) {
      return values.getShape().dimension() > 1
          ? a.reshape(samples() * rows(), -1)
              .matMul(values.broadcast(shape).reshape(-1, 1))
              .reshape(samples(), rows())
          : dotPerChannel(values);
    }

    /** {@code <a, vector>} for a vector with one entry per channel, {@code [samples, rows]}. */
    NDArray dotPerChannel(NDArray perChannel) {
      NDArray perChannelSums =
          a.reshape(samples() * rows(), perChannel.size(), -1).sum(new int[] {2});
      return perChannelSums.matMul(perChannel.reshape(-1, 1)).reshape(samples(), rows());
    }
  }

  /**
   * What each operation does to coefficients on its value: those on its operands, and a share of
   * the constants.
   */
  private final class Adjoint implements OperationVisitor<At, NDArray> {
    private final LinearForm form;

    Adjoint(LinearForm form) {
      this.form = form;
    }

    @Override
    public NDArray normalize(Normalize operation, At at) {
      return channelWise(at);
    }

    @Override
    public NDArray batchNorm(BatchNorm operation, At at) {
      return channelWise(at);
    }

    @Override
    public NDArray conv2d(Conv2d operation, At at) {
      addBias(at);
      NDArray onOperand =
          AffineMap.adjoint(
              frame.between(operation), at.batch(), live.weight(at.node()), operandShape(at));
      return frame.withoutPadding(at.node().inputs().get(0), at.split(onOperand));
    }

    @Override
    public NDArray linear(Linear operation, At at) {
      addBias(at);
      return at.split(AffineMap.adjoint(operation, at.batch(), live.weight(at.node())));
    }

    @Override
    public NDArray nonlinear(Nonlinear operation, At at) {
      Relaxation relaxation = Optional.ofNullable(relaxations.get(at.node().id())).orElseThrow();
      return relaxation.adjoint(at.a(), form);
    }

    @Override
    public NDArray averagePool(AveragePool operation, At at) {
      return at.split(AffineMap.adjoint(operation, at.batch(), operandShape(at)));
    }

    @Override
    public NDArray globalAveragePool(GlobalAveragePool operation, At at) {
      return at.split(AffineMap.adjoint(operation, at.batch(), operandShape(at)));
    }

    @Override
    public NDArray add(Add operation, At at) {
      return at.a();
    }

    /** Coefficients on all operands; each gets its own part of them. */
    @Override
    public NDArray concat(Concat operation, At at) {
      return at.a();
    }

    @Override
    public NDArray elementwise(Elementwise operation, At at) {
      return channelWise(at);
    }

    @Override
    public NDArray pad(Pad operation, At at) {
      if (operation.value() != 0) {
        NDArray nothing = at.a().getManager().zeros(operandShape(at), at.a().getDataType());
        NDArray around = operation.padding().around(nothing, operation.value());
        form.addConstant(
            at.a()
                .reshape(at.samples() * at.rows(), -1)
                .matMul(around.reshape(-1, 1))
                .reshape(at.samples(), at.rows()));
      }
      return at.split(operation.padding().off(at.batch()));
    }

    @Override
    public NDArray rearrange(Rearrangement operation, At at) {
      return at.split(AffineMap.adjoint(operation, at.batch(), operandShape(at)));
    }

    private Shape operandShape(At at) {
      return frame.shape(at.node().inputs().get(0));
    }

    private NDArray channelWise(At at) {
      ChannelAffine affine = live.channelAffine(at.node());
      form.addConstant(at.dot(affine.shift()));
      return at.split(affine.adjoint(at.batch()));
    }

    private void addBias(At at) {
      live.bias(at.node()).ifPresent(bias -> form.addConstant(at.dotPerChannel(bias)));
    }
  }
}

package dev.merlon.model.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import dev.merlon.model.network.Network.Operands;
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
import dev.merlon.model.tensor.Scalars;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** The concrete interpretation: logits of a batch of inputs. */
public sealed class Concrete implements OperationVisitor<Operands<NDArray>, NDArray> {
  private final LiveNetwork live;

  private Concrete(LiveNetwork live) {
    this.live = live;
  }

  /**
   * Logits with the statistics that {@code live} has in use.
   *
   * @param x {@code [N, C, H, W]} in the un-normalised input space
   * @return {@code [N, K]}
   */
  public static NDArray logits(LiveNetwork live, NDArray x) {
    List<NDArray> values = values(live, x);
    return values.get(values.size() - 1);
  }

  /**
   * Logits from an inner value on.
   *
   * @param cut number of the value, which {@link Network#isCut}
   * @param value {@code [N, ...]}
   * @return {@code [N, K]}
   */
  public static NDArray logitsFrom(LiveNetwork live, int cut, NDArray value) {
    List<NDArray> values = live.network().evaluateFrom(cut, new Concrete(live), value);
    return values.get(values.size() - 1);
  }

  /** All values of the network, by number; value 0 is {@code x [N, C, H, W]}. */
  public static List<NDArray> values(LiveNetwork live, NDArray x) {
    return live.network().evaluate(new Concrete(live), x);
  }

  /**
   * The clean forward pass of a training step: logits with the batch's own statistics, and these
   * statistics, through which gradients flow (methods of the literature use them, undetached, in
   * every later pass of the step).
   *
   * @param x {@code [N, C, H, W]}, {@code N} at least 2 where the network has batch normalisation
   *     after a fully connected layer
   */
  public static CleanForward clean(LiveNetwork live, NDArray x) {
    CleanPass pass = new CleanPass(live);
    List<NDArray> values = live.network().evaluate(pass, x);
    return new CleanForward(
        values.get(values.size() - 1), Map.copyOf(pass.batch), Map.copyOf(pass.counts));
  }

  /**
   * Result of a clean training forward pass.
   *
   * @param logits {@code [N, K]}
   * @param statistics batch mean and biased variance by batch-norm node name
   * @param counts number of values per channel behind each statistic, for the unbiased variance
   */
  public record CleanForward(
      NDArray logits, Map<String, BatchStatistics> statistics, Map<String, Long> counts) {}

  @Override
  public NDArray normalize(Normalize operation, Operands<NDArray> at) {
    return live.channelAffine(at.node()).apply(at.first());
  }

  @Override
  public NDArray conv2d(Conv2d operation, Operands<NDArray> at) {
    return AffineMap.apply(operation, at.first(), live.weight(at.node()), live.bias(at.node()));
  }

  @Override
  public NDArray linear(Linear operation, Operands<NDArray> at) {
    return AffineMap.apply(operation, at.first(), live.weight(at.node()), live.bias(at.node()));
  }

  @Override
  public NDArray batchNorm(BatchNorm operation, Operands<NDArray> at) {
    return live.channelAffine(at.node()).apply(at.first());
  }

  @Override
  public NDArray nonlinear(Nonlinear operation, Operands<NDArray> at) {
    return NonlinearMap.apply(operation, at.first());
  }

  @Override
  public NDArray averagePool(AveragePool operation, Operands<NDArray> at) {
    return AffineMap.apply(operation, at.first());
  }

  @Override
  public NDArray globalAveragePool(GlobalAveragePool operation, Operands<NDArray> at) {
    return AffineMap.apply(operation, at.first());
  }

  @Override
  public NDArray add(Add operation, Operands<NDArray> at) {
    return at.first().add(at.second());
  }

  @Override
  public NDArray concat(Concat operation, Operands<NDArray> at) {
    return AffineMap.apply(operation, at.values());
  }

  @Override
  public NDArray elementwise(Elementwise operation, Operands<NDArray> at) {
    return live.channelAffine(at.node()).apply(at.first());
  }

  @Override
  public NDArray pad(Pad operation, Operands<NDArray> at) {
    return operation.padding().around(at.first(), operation.value());
  }

  @Override
  public NDArray rearrange(Rearrangement operation, Operands<NDArray> at) {
    return AffineMap.apply(operation, at.first());
  }

  /**
   * The concrete interpretation with one difference: batch normalisation measures the batch it is
   * given.
   */
  private static final class CleanPass extends Concrete {
    private final Map<String, BatchStatistics> batch = new HashMap<>();
    private final Map<String, Long> counts = new HashMap<>();

    CleanPass(LiveNetwork live) {
      super(live);
    }

    @Override
    public NDArray batchNorm(BatchNorm operation, Operands<NDArray> at) {
      NDArray x = at.first();
      Shape shape = x.getShape();
      int[] axes = IntStream.range(0, shape.dimension()).filter(axis -> axis != 1).toArray();
      double count = (double) shape.size() / shape.get(1);
      // The engine's mean takes one axis only; its sum takes several.
      NDArray mean = Scalars.over(x.sum(axes), count);
      NDArray variance =
          Scalars.over(x.sub(ChannelAffine.broadcast(mean, x)).square().sum(axes), count);
      batch.put(at.node().name(), new BatchStatistics(mean, variance));
      counts.put(at.node().name(), shape.size() / shape.get(1));
      return super.live.withStatistics(batch).channelAffine(at.node()).apply(x);
    }
  }
}

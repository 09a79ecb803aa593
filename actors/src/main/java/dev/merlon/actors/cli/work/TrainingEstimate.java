package dev.merlon.actors.cli.work;

import ai.djl.ndarray.types.Shape;
import dev.merlon.config.ObjectiveSettings;
import dev.merlon.config.Precision;
import dev.merlon.config.RunSettings;
import dev.merlon.model.data.ImageShape;
import dev.merlon.model.data.RunImages;
import dev.merlon.model.network.Architectures;
import dev.merlon.model.network.Cost;
import dev.merlon.model.network.Network;

/**
 * What a training run will take, from the size of its network alone.
 *
 * @param trainable numbers that are trained
 * @param tensorBytes peak of the tensors of one step: graph and gradients of the batch, weights
 *     with gradients and both moments before and after the update
 */
record TrainingEstimate(long trainable, long tensorBytes) {
  /** Values of the graph and as many gradients. */
  private static final int GRAPH_COPIES = 2;

  /** Weights, gradients and two moments; all but the gradients also in their next version. */
  private static final int WEIGHT_COPIES = 7;

  /** The network of a run on these images. */
  static Network network(RunSettings settings, RunImages data) {
    ImageShape image = data.shape();
    return Architectures.build(
        settings.network(),
        settings.batchNorm().momentum(),
        new Shape(image.channels(), image.height(), image.width()),
        data.classes());
  }

  /** The estimate for a run on these images. */
  static TrainingEstimate of(RunSettings settings, RunImages data) {
    Cost cost = Cost.of(network(settings, data));
    int number = settings.device().precision() == Precision.FLOAT64 ? 8 : 4;
    long perImage = cost.clean().bytes(number) + (boxes(settings) ? cost.box().bytes(number) : 0);
    long graph = (long) GRAPH_COPIES * settings.batchSize() * perImage;
    long weights = (long) WEIGHT_COPIES * cost.parameters() * number;
    return new TrainingEstimate(cost.trainable(), graph + weights);
  }

  private static boolean boxes(RunSettings settings) {
    ObjectiveSettings objective = settings.objective();
    return objective instanceof ObjectiveSettings.Ibp
        || objective instanceof ObjectiveSettings.Sabr;
  }
}

package dev.merlon.tests.bench;

import ai.djl.Device;
import ai.djl.ndarray.types.Shape;
import dev.merlon.config.RunSettings;
import dev.merlon.model.data.Batch;
import dev.merlon.model.data.DataSplit;
import dev.merlon.model.data.Dataset;
import dev.merlon.model.data.DatasetSource;
import dev.merlon.model.data.SampleOrder;
import dev.merlon.model.data.SampleOrder.Cursor;
import dev.merlon.model.network.Architectures;
import dev.merlon.model.network.Initialiser;
import dev.merlon.model.network.Network;
import dev.merlon.model.optimize.Phase;
import dev.merlon.model.optimize.Schedules;
import dev.merlon.model.training.Learner;
import java.util.ArrayList;
import java.util.List;

/** The first epoch of a run as a plain loop over the learner, without actors and streams. */
final class SequentialLoop {
  private SequentialLoop() {}

  /** Time of each step after the first few, batch included. */
  static List<Double> stepMillis(RunSettings settings, DatasetSource source, int warmUp) {
    Dataset data = source.read(DataSplit.TRAIN).head(settings.data().trainLimit());
    SampleOrder order = SampleOrder.of(settings.seed(), data.size(), settings.batchSize());
    Schedules schedules = Schedules.of(settings, order.batchesPerEpoch());
    var image = data.shape();
    Network network =
        Architectures.build(
            settings.network(),
            settings.batchNorm().momentum(),
            new Shape(image.channels(), image.height(), image.width()),
            data.classes());
    var initial = new Initialiser(settings.initialisation()).draw(network, settings.seed());
    List<Double> millis = new ArrayList<>();
    try (Learner learner = Learner.create(settings, network, initial, Device.cpu())) {
      int[] permutation = order.permutation(0);
      for (int step = 0; step < order.batchesPerEpoch(); step++) {
        long start = System.nanoTime();
        Phase phase = schedules.phase(step);
        Batch batch = Batch.of(data, new Cursor(0, step), step, order.batch(permutation, step));
        learner.forward(learner.search(batch, phase), phase);
        learner.backward();
        learner.update(phase);
        if (step >= warmUp) {
          millis.add((System.nanoTime() - start) / 1e6);
        }
      }
    }
    return millis;
  }
}

package dev.merlon.model.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.merlon.config.attack.AttackStatistics;
import dev.merlon.model.attack.Pgd;
import dev.merlon.model.attack.StartPoints;
import dev.merlon.model.data.Batch;
import dev.merlon.model.network.BatchNormFolding;
import dev.merlon.model.network.BatchStatistics;
import dev.merlon.model.network.Concrete;
import dev.merlon.model.network.LiveNetwork;
import dev.merlon.model.network.Network;
import dev.merlon.model.objective.BatchPart;
import dev.merlon.model.objective.Objective;
import dev.merlon.model.objective.Plan;
import dev.merlon.model.optimize.Phase;
import dev.merlon.model.tensor.CounterRandom;
import dev.merlon.model.tensor.Scope;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * The first part of a step: brings a batch to the device and runs the attacks of the step's plan on
 * the weights as they are, with start points that depend on nothing but the run's seed and the
 * step. Works without gradients; changes nothing.
 */
final class PointSearch {
  private final Network network;
  private final BatchNormFolding folding;
  private final Objective objective;
  private final DataType type;
  private final long seed;

  PointSearch(
      Network network, BatchNormFolding folding, Objective objective, DataType type, long seed) {
    this.network = network;
    this.folding = folding;
    this.objective = objective;
    this.type = type;
    this.seed = seed;
  }

  /**
   * The batch on the device with its points, each part searched as a batch of its own. Start points
   * of an attack are drawn part after part from one sequence.
   *
   * @param limit images of a part
   * @param owner of the parts' scopes
   */
  AttackedStep of(Batch batch, int limit, Phase phase, DeviceValues values, Scope owner) {
    Plan plan = objective.plan(phase);
    List<RandomGenerator> starts =
        IntStream.range(0, plan.attacks().size()).mapToObj(i -> startPoints(phase, i)).toList();
    List<AttackedBatch> parts = new ArrayList<>();
    List<Scope> scopes = new ArrayList<>();
    try {
      int first = 0;
      for (Batch part : batch.parts(limit)) {
        Scope inner = owner.child("batch");
        scopes.add(inner);
        int number = parts.size();
        BatchPart.Place place = new BatchPart.Place(first, part.size(), batch.size());
        Found found = found(part, place, plan, starts, values, inner);
        parts.add(
            new AttackedBatch(
                inner,
                found.x(),
                found.labels(),
                plan,
                found.points(),
                place,
                () -> latentStarts(phase, number)));
        first += part.size();
      }
      return new AttackedStep(parts);
    } catch (RuntimeException e) {
      scopes.forEach(Scope::close);
      throw e;
    }
  }

  private record Found(NDArray x, NDArray labels, List<NDArray> points) {}

  private Found found(
      Batch batch,
      BatchPart.Place place,
      Plan plan,
      List<RandomGenerator> starts,
      DeviceValues values,
      Scope inner) {
    NDArray x = images(batch, network, type, inner);
    NDArray labels = inner.labels(batch.labels());
    List<NDArray> points = new ArrayList<>();
    try (Scope work = inner.child("search")) {
      LiveNetwork running = LiveNetwork.over(network, values.tensors(), work, false);
      boolean asked = plan.attacks().stream().anyMatch(PointSearch::asksForBatchStatistics);
      LiveNetwork current = asked ? measured(running, x, work) : running;
      for (Plan.Search search : plan.attacks()) {
        LiveNetwork attacked =
            folding.apply(search.statistics() == AttackStatistics.BATCH ? current : running);
        NDArray ownX = rows(x, search.share(), place, work);
        NDArray ownLabels = rows(labels, search.share(), place, work);
        RandomGenerator random = starts.get(points.size());
        points.add(
            inner.adopt(
                ownLabels.isEmpty() || search.single()
                    ? ownX
                    : points(search, attacked, ownX, ownLabels, random, work)));
      }
    }
    return new Found(x, labels, points);
  }

  private static boolean asksForBatchStatistics(Plan.Search search) {
    return !search.single() && search.statistics() == AttackStatistics.BATCH;
  }

  private static NDArray rows(NDArray all, BatchPart share, BatchPart.Place place, Scope work) {
    return work.adopt(
        all.get(new NDIndex("{}:{}", (long) share.from(place), (long) share.to(place))));
  }

  private static NDArray points(
      Plan.Search search,
      LiveNetwork attacked,
      NDArray x,
      NDArray labels,
      RandomGenerator random,
      Scope work) {
    StartPoints starts = StartPoints.shared(random);
    return Pgd.search(
            attacked, x, labels, search.set(), search.settings(), search.options(), starts, work)
        .points();
  }

  // The clean pass's own tensors are freed with its scope; only the statistics stay.
  private static LiveNetwork measured(LiveNetwork running, NDArray x, Scope work) {
    try (Scope pass = work.child("clean pass")) {
      Map<String, BatchStatistics> statistics = new LinkedHashMap<>();
      Concrete.clean(running, pass.constant(x))
          .statistics()
          .forEach(
              (name, batch) ->
                  statistics.put(
                      name,
                      new BatchStatistics(work.adopt(batch.mean()), work.adopt(batch.variance()))));
      return running.withStatistics(statistics);
    }
  }

  /** {@code [N, C, H, W]} in the scope {@code into}. */
  static NDArray images(Batch batch, Network network, DataType type, Scope into) {
    Shape shape = new Shape(batch.size()).addAll(network.inputShape());
    return into.tensor(batch.pixels(), type, shape.getShape());
  }

  private RandomGenerator startPoints(Phase phase, int attack) {
    return CounterRandom.of(
        seed + 31L * attack, phase.epoch(), phase.step(), CounterRandom.Role.ATTACK);
  }

  private RandomGenerator latentStarts(Phase phase, int part) {
    return CounterRandom.of(
        seed + 31L * part, phase.epoch(), phase.step(), CounterRandom.Role.LATENT);
  }
}

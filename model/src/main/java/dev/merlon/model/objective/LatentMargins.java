package dev.merlon.model.objective;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import dev.merlon.config.objective.TapsSettings;
import dev.merlon.model.attack.LatentAim;
import dev.merlon.model.attack.LatentPgd;
import dev.merlon.model.bound.box.Box;
import dev.merlon.model.bound.box.BoxTrace;
import dev.merlon.model.bound.box.Margins;
import dev.merlon.model.network.Concrete;
import dev.merlon.model.network.LatentSplit;
import dev.merlon.model.network.LiveNetwork;
import dev.merlon.model.tensor.Concatenation;
import dev.merlon.model.tensor.Scope;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.LongStream;

/**
 * The margins of TAPS (Mao et al. 2023): those at the worst points that a search finds in the
 * latent box behind a split. They bound nothing. Gradients flow to the parameters behind the split
 * directly, and through a connector to the box.
 *
 * <p>Samples do not depend on each other, so they are worked on in groups that are small enough for
 * a processor's cache; what one leaves behind is its margins and their graph.
 */
public final class LatentMargins {
  private static final long NUMBERS_AT_A_TIME = 1 << 20;

  private final long numbersAtATime;
  private final LiveNetwork live;
  private final TapsSettings taps;
  private final LatentSplit split;
  private final GradientConnector connector;

  /**
   * The latent part of a network.
   *
   * @param live the network with the statistics to use
   */
  public LatentMargins(LiveNetwork live, TapsSettings taps) {
    this(live, taps, NUMBERS_AT_A_TIME);
  }

  /** One that works on groups of so many latent numbers, or of one sample. */
  LatentMargins(LiveNetwork live, TapsSettings taps, long numbersAtATime) {
    this.numbersAtATime = numbersAtATime;
    this.live = live;
    this.taps = taps;
    this.split = LatentSplit.of(live.network(), taps.relus());
    this.connector = GradientConnector.of(taps);
  }

  /** Where the points of a group of samples come from, {@code [n, P, ...]}. */
  private interface Points {
    NDArray of(Group group, Scope scope);
  }

  /**
   * Some of the samples.
   *
   * @param number of the group, from 0
   */
  private record Group(int number, Box box, LatentAim aim) {}

  /**
   * Margins at points that are searched.
   *
   * @param trace bounds of the network over the region
   * @param labels {@code int64 [N]}
   * @param random where start points come from
   * @return {@code [N, K]}, 0 in the label's column
   */
  public NDArray searched(BoxTrace trace, NDArray labels, RandomGenerator random) {
    return margins(
        trace.box(split.value()),
        labels,
        (group, scope) ->
            LatentPgd.search(
                live, split.value(), group.box(), group.aim(), taps.attack(), random, scope));
  }

  /**
   * Margins at given points.
   *
   * @param box of the latent value, {@code [N, ...]}
   * @param points {@code [N, P, ...]}, {@code P} as the estimator has it
   */
  NDArray at(Box box, NDArray labels, NDArray points) {
    List<NDArray> given = parts(points);
    return margins(box, labels, (group, scope) -> scope.adopt(given.get(group.number())));
  }

  private NDArray margins(Box box, NDArray labels, Points points) {
    List<NDArray> lower = parts(box.lower());
    List<NDArray> upper = parts(box.upper());
    List<NDArray> ofLabels = parts(labels);
    List<NDArray> margins = new ArrayList<>();
    for (int i = 0; i < lower.size(); i++) {
      try (Scope scope = live.scope().child("latent points")) {
        Box part = Box.between(scope.adopt(lower.get(i)), scope.adopt(upper.get(i)));
        Group group = new Group(i, part, aim(scope.adopt(ofLabels.get(i)), scope));
        margins.add(live.scope().adopt(margins(group, points.of(group, scope), scope)));
      }
    }
    return Concatenation.of(margins, 0);
  }

  private NDArray margins(Group group, NDArray points, Scope scope) {
    NDArray connected = connector.connected(points, group.box(), scope);
    Shape sample = connected.getShape().slice(2);
    NDArray rows = connected.reshape(new Shape(-1).addAll(sample));
    return group.aim().margins(Concrete.logitsFrom(live, split.value(), rows));
  }

  private LatentAim aim(NDArray labels, Scope scope) {
    NDArray oneHot = Margins.oneHot(labels, live.network().classes(), live.type());
    return LatentAim.of(taps.estimator(), labels, oneHot, scope);
  }

  // Views of the rows, a group each.
  private List<NDArray> parts(NDArray rows) {
    long samples = rows.getShape().get(0);
    long points = taps.estimator().points(live.network().classes());
    long size = Math.max(1, numbersAtATime / (points * split.shape().size()));
    if (samples <= size) {
      return List.of(live.scope().view(rows));
    }
    long[] cuts = LongStream.iterate(size, cut -> cut < samples, cut -> cut + size).toArray();
    return rows.split(cuts, 0);
  }
}

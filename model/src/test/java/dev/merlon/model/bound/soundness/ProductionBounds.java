package dev.merlon.model.bound.soundness;

import ai.djl.ndarray.NDArray;
import dev.merlon.model.bound.box.BoxPropagation;
import dev.merlon.model.bound.box.BoxTrace;
import dev.merlon.model.bound.linear.CrownBounds;
import dev.merlon.model.bound.linear.CrownOptions;
import dev.merlon.model.bound.linear.LowerSlope;
import dev.merlon.model.network.LiveNetwork;
import dev.merlon.model.network.Network;
import dev.merlon.model.network.Node;
import dev.merlon.model.norm.NormBall;
import dev.merlon.model.tensor.Autograd;
import dev.merlon.model.tensor.Scope;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** The bounds that the project ships. */
enum ProductionBounds implements BoundsUnderTest {
  /** Boxes. */
  IBP {
    @Override
    NDArray margins(Problem problem) {
      return problem.trace().marginLowerBounds(problem.labels());
    }

    @Override
    Both both(Problem problem) {
      return separately(problem);
    }

    @Override
    Map<Integer, HostBox> boxes(Problem problem) {
      Map<Integer, HostBox> boxes = new HashMap<>();
      BoxTrace trace = problem.trace();
      for (int value = 0; value < trace.boxes().size(); value++) {
        boxes.put(value, HostBox.of(trace.box(value)));
      }
      return boxes;
    }
  },
  /** Backward bounds over boxes. */
  CROWN_IBP {
    @Override
    CrownBounds bounds(Problem problem) {
      return CrownBounds.overBoxes(problem.trace(), problem.x(), problem.set(), options());
    }
  },
  /** Backward bounds over boxes, concretised behind every layer. */
  CROWN_IBP_EVERY_LAYER {
    @Override
    CrownBounds bounds(Problem problem) {
      return CrownBounds.overBoxes(problem.trace(), problem.x(), problem.set(), options());
    }
  },
  /** Backward bounds for everything. */
  CROWN,
  /** Backward bounds for everything, with the upper lines' slopes and small chunks. */
  CROWN_SAME_SLOPE,
  /** Backward bounds for neurons that boxes leave unstable. */
  CROWN_SPARSE,
  /** Backward bounds with optimised slopes, for margins and for neurons. */
  ALPHA_CROWN {
    @Override
    NDArray margins(Problem problem) {
      return problem.perSample(n -> OptimisedBounds.of(problem, n).margins());
    }

    @Override
    Map<Integer, HostBox> boxes(Problem problem) {
      return OptimisedBounds.boxes(problem, OptimisedBounds.all(problem));
    }

    @Override
    Both both(Problem problem) {
      List<OptimisedBounds> all = OptimisedBounds.all(problem);
      NDArray margins = problem.perSample(n -> all.get(n).margins());
      return new Both(HostBox.rows(margins), OptimisedBounds.boxes(problem, all));
    }
  },
  /** The smallest bounds over parts that cover the set. */
  BRANCH_AND_BOUND {
    @Override
    NDArray margins(Problem problem) {
      return problem.perSample(n -> OptimisedBounds.branched(problem, n));
    }

    @Override
    Both both(Problem problem) {
      return separately(problem);
    }
  };

  CrownOptions options() {
    return switch (this) {
      case IBP, CROWN_IBP, CROWN -> CrownOptions.full();
      case CROWN_IBP_EVERY_LAYER -> CrownOptions.everyLayerConcretised();
      case CROWN_SAME_SLOPE ->
          CrownOptions.full().withSlope(LowerSlope.SAME).withCoefficients(2000);
      case CROWN_SPARSE, ALPHA_CROWN, BRANCH_AND_BOUND ->
          CrownOptions.sparse().withCoefficients(3000);
    };
  }

  CrownBounds bounds(Problem problem) {
    return CrownBounds.of(problem.live(), problem.x(), problem.set(), options());
  }

  NDArray margins(Problem problem) {
    try (CrownBounds bounds = bounds(problem)) {
      return bounds.marginLowerBounds(problem.labels());
    }
  }

  Map<Integer, HostBox> boxes(Problem problem) {
    try (CrownBounds bounds = bounds(problem)) {
      return boxes(problem, bounds);
    }
  }

  Both both(Problem problem) {
    try (CrownBounds bounds = bounds(problem)) {
      double[][] margins = HostBox.rows(bounds.marginLowerBounds(problem.labels()));
      return new Both(margins, boxes(problem, bounds));
    }
  }

  Both separately(Problem problem) {
    return new Both(HostBox.rows(margins(problem)), boxes(problem));
  }

  // Each value by its own backward pass, and the boxes that the relaxations were made from.
  private static Map<Integer, HostBox> boxes(Problem problem, CrownBounds bounds) {
    Map<Integer, HostBox> boxes = new HashMap<>();
    Network network = problem.live().network();
    for (Node node : network.nodes()) {
      boxes.put(node.id(), HostBox.of(bounds.box(node.id())));
    }
    for (Node node : network.nonlinear()) {
      boxes.put(node.inputs().get(0), HostBox.of(bounds.preActivation(node)));
    }
    return boxes;
  }

  @Override
  public double[][] margins(OpenCase open, double eps, int samples) {
    try (Scope scope = open.scope().child("bounds")) {
      return Autograd.withoutGradients(
          () -> HostBox.rows(margins(Problem.of(open, eps, samples, scope))));
    }
  }

  @Override
  public Both both(OpenCase open, double eps) {
    try (Scope scope = open.scope().child("bounds")) {
      return Autograd.withoutGradients(() -> both(Problem.of(open, eps, open.samples(), scope)));
    }
  }

  @Override
  public Map<Integer, HostBox> boxes(OpenCase open, double eps) {
    try (Scope scope = open.scope().child("bounds")) {
      return Autograd.withoutGradients(() -> boxes(Problem.of(open, eps, open.samples(), scope)));
    }
  }

  /** What is to be bounded. */
  record Problem(LiveNetwork live, NDArray x, NormBall set, NDArray labels) {
    static Problem of(OpenCase open, double eps, int samples, Scope scope) {
      NDArray labels = scope.labels(Arrays.copyOf(open.labels(), samples));
      NDArray x = open.inputs(samples, scope);
      return new Problem(open.bounded(), x, open.spec().set(eps), labels);
    }

    int samples() {
      return Math.toIntExact(x.getShape().get(0));
    }

    /** Margins computed sample by sample, {@code [N, K]}. */
    NDArray perSample(IntFunction<double[]> margins) {
      double[] all =
          IntStream.range(0, samples()).mapToObj(margins).flatMapToDouble(Arrays::stream).toArray();
      int classes = live.network().classes();
      return live.scope().tensor(all, x.getDataType(), samples(), classes);
    }

    BoxTrace trace() {
      return BoxPropagation.over(live, x, set);
    }
  }
}

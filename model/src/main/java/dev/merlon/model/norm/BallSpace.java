package dev.merlon.model.norm;

import ai.djl.ndarray.NDArray;
import dev.merlon.model.tensor.Scalars;
import dev.merlon.model.tensor.Scope;
import java.util.List;
import java.util.Optional;

/** The search in a ball: positions are its points. */
final class BallSpace implements AttackSpace {
  private final NormBall ball;
  private final NDArray x;
  private final StepWidth measure;
  private final NDArray reach;
  private final NDArray width;

  /**
   * @param x {@code [N, ...]}, in the scope that also owns this object's tensors
   * @param measure what a full step is
   */
  BallSpace(NormBall ball, NDArray x, StepWidth measure) {
    this.ball = ball;
    this.x = x;
    this.measure = measure;
    try (Scope work = Scope.within(x, "attack space")) {
      NDArray here = work.constant(x);
      NDArray half = Scalars.times(ball.upper(here).sub(ball.lower(here)), 0.5);
      NDArray reaches = ball.norm().stepWidth(half, ball.eps());
      NDArray widths =
          switch (measure) {
            case PER_PIXEL -> reaches;
            case LARGEST -> reaches.max().broadcast(reaches.getShape());
          };
      reaches.attach(x.getManager());
      widths.attach(x.getManager());
      this.reach = reaches;
      this.width = widths;
    }
  }

  @Override
  public NDArray origin() {
    return x;
  }

  @Override
  public NDArray points(NDArray positions) {
    return positions;
  }

  @Override
  public Optional<NDArray> parameters(NDArray positions) {
    return Optional.empty();
  }

  @Override
  public NDArray start(Draws draws, boolean inside, Scope work) {
    NDArray unit = draws.unit(ball.norm(), work, x.getDataType(), x.getShape());
    NDArray start = work.constant(x).add(unit.mul(reach));
    return inside ? project(start, work) : start;
  }

  @Override
  public NDArray near(NDArray points) {
    return ball.project(x, points);
  }

  @Override
  public NDArray next(NDArray positions, NDArray gradient, double size, Scope work) {
    NDArray from = work.constant(positions);
    NDArray direction =
        ball.norm().attackDirection(work.constant(gradient), from, ball.clip()).mul(width);
    NDArray moved = from.add(Scalars.times(direction, size));
    return project(moved, work);
  }

  @Override
  public NDArray project(NDArray candidates, Scope work) {
    return ball.project(work.constant(x), candidates);
  }

  @Override
  public List<AdaptiveSteps.Phase> phases() {
    return ball.norm().adaptivePhases();
  }

  @Override
  public AttackSpace times(int radius) {
    return new BallSpace(ball.withEps(radius * ball.eps()), x, measure);
  }

  @Override
  public AdaptiveSteps adaptiveSteps(int updates, Optional<double[]> moved) {
    int samples = Math.toIntExact(x.getShape().get(0));
    int entries = Math.toIntExact(x.size() / samples);
    return ball.norm()
        .adaptiveSteps(new AdaptiveSteps.Run(ball.eps(), updates, samples, entries, moved));
  }
}

package dev.merlon.model.norm;

import ai.djl.ndarray.NDArray;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.merlon.config.value.Radius;
import dev.merlon.config.value.ThreatSpec;
import dev.merlon.model.data.ImageShape;
import dev.merlon.model.tensor.Scalars;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The ball of a norm around an input, by default intersected with {@code [0,1]^d}. A proof for the
 * intersection is no proof for the whole ball, so {@code clip} is part of every property.
 *
 * @param norm of the ball
 * @param radius at least 0
 * @param clip whether the ball is intersected with {@code [0,1]^d}
 */
public record NormBall(Norm norm, Radius radius, boolean clip) implements PerturbationSet {
  /** Checks the radius. */
  public NormBall {
    double eps = radius.value();
    if (!(eps >= 0) || Double.isInfinite(eps)) {
      throw new IllegalArgumentException("a radius is a finite number of at least 0, not " + eps);
    }
  }

  /** The set with a radius that nobody wrote. */
  public NormBall(Norm norm, double eps, boolean clip) {
    this(norm, Radius.of(eps), clip);
  }

  /** The set that a threat of the configuration means. */
  public static NormBall of(ThreatSpec threat, boolean clip) {
    return new NormBall(Norm.of(threat.norm()), threat.radius(), clip);
  }

  @Override
  public String keyword() {
    return norm.name();
  }

  @Override
  public String text() {
    return norm.name() + ":" + radius;
  }

  @Override
  public String canonical() {
    return norm.name() + ":" + Double.toHexString(eps()) + " clip " + (clip ? "[0,1]" : "none");
  }

  @Override
  public boolean includes(PerturbationSet other) {
    return other instanceof NormBall ball
        && norm.equals(ball.norm)
        && eps() >= ball.eps()
        && (!clip || ball.clip);
  }

  @Override
  public boolean isMeantBy(String text) {
    return PerturbationSet.parse(text, clip).equals(this);
  }

  @Override
  public void write(ObjectNode line) {
    line.put("set", text());
    line.put("norm", norm.name());
    line.put("eps", eps());
    if (clip) {
      line.putArray("clip").add(0).add(1);
    } else {
      line.putNull("clip");
    }
  }

  @Override
  public List<String> parameters() {
    return List.of();
  }

  @Override
  public Optional<String> problem(float[] x) {
    for (int i = 0; i < x.length; i++) {
      if (!Confinement.possible(this, x[i])) {
        return Optional.of("value " + i + " of the input is " + x[i] + ", outside [0,1]");
      }
    }
    return Optional.empty();
  }

  @Override
  public Optional<String> excess(ImageShape images) {
    double[] whole = new double[images.elements()];
    Arrays.fill(whole, 1);
    double longest = norm.measure(whole);
    return eps() > longest
        ? Optional.of(
            String.format(
                Locale.ROOT, "the distance of any two images of %s, %.4g", images, longest))
        : Optional.empty();
  }

  @Override
  public boolean contains(float[] x, Candidate candidate) {
    return candidate.parameters().length == 0 && Confinement.holds(this, x, candidate.shared());
  }

  @Override
  public Candidate inwards(float[] x, Candidate candidate) {
    return Candidate.at(Confinement.inwards(this, x, candidate.shared()));
  }

  @Override
  public AttackSpace attackSpace(NDArray x, StepWidth measure) {
    return new BallSpace(this, x, measure);
  }

  @Override
  public long cells() {
    return 1;
  }

  @Override
  public Cell cell(long number) {
    return Cell.WHOLE;
  }

  @Override
  public List<Cell> split(Cell cell) {
    return List.of();
  }

  @Override
  public Enclosure enclosure(NDArray x, Cell cell) {
    return new Enclosure.Ball(this);
  }

  @Override
  public Optional<LinearRegion.Description> linearDescription() {
    return norm.linearDescription(eps(), clip);
  }

  /** The radius as a number. */
  public double eps() {
    return radius.value();
  }

  /** The set of the same form with another radius. */
  public NormBall withEps(double other) {
    return new NormBall(norm, other, clip);
  }

  /** Lower corner of the smallest box around the set at each sample; {@code x [N, ...]}. */
  public NDArray lower(NDArray x) {
    NDArray lower = x.sub(eps());
    return clip ? Scalars.atLeast(lower, 0) : lower;
  }

  /** Upper corner of the smallest box around the set at each sample; {@code x [N, ...]}. */
  public NDArray upper(NDArray x) {
    NDArray upper = x.add(eps());
    return clip ? Scalars.atMost(upper, 1) : upper;
  }

  /**
   * The point of the set nearest to {@code candidate} for boxes, and a point of the set for the
   * other norms; both {@code [N, ...]}.
   */
  public NDArray project(NDArray x, NDArray candidate) {
    return clip
        ? norm.projectClipped(x, candidate, eps())
        : x.add(norm.project(candidate.sub(x), eps()));
  }

  /**
   * Lower bounds of linear functions over the set: exact over the whole ball; with clip exact where
   * the norm knows how ({@link Norm#minimumWithin}), else the better of the ball's and the clipped
   * box's minimum.
   *
   * @param x {@code [N, D]}
   * @return {@code [N, R]}
   */
  public NDArray minimum(Rows rows, NDArray x) {
    if (norm.ballIsBox()) {
      return minimumOverBox(rows, x);
    }
    return clip ? minimumClipped(rows, x) : minimumOverBall(rows, x);
  }

  private NDArray minimumClipped(Rows rows, NDArray x) {
    return norm.minimumWithin(rows, lower(x).sub(x), upper(x).sub(x), eps())
        .map(change -> rows.times(x).add(change))
        .orElseGet(() -> minimumOverBall(rows, x).maximum(minimumOverBox(rows, x)));
  }

  private NDArray minimumOverBall(Rows rows, NDArray x) {
    return rows.times(x).sub(Scalars.times(norm.dualNorm(rows.values()), eps()));
  }

  private NDArray minimumOverBox(Rows rows, NDArray x) {
    NDArray lower = lower(x);
    NDArray upper = upper(x);
    NDArray center = Scalars.times(lower.add(upper), 0.5);
    NDArray radius = Scalars.times(upper.sub(lower), 0.5);
    return rows.times(center).sub(rows.abs().times(radius));
  }

  /** For example {@code linf:0.1} or, for the whole ball, {@code linf:0.1 without clip}. */
  @Override
  public String toString() {
    return text() + (clip ? "" : " without clip");
  }
}

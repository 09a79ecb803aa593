package dev.merlon.model.verify.ladder;

import dev.merlon.model.verify.specification.Conjunction;
import java.util.List;

/**
 * A subproblem of a region: a box of its inputs and the conjunctions that nothing has excluded
 * there. The arrays are shared, nobody writes to them.
 *
 * @param lower corner, rounded outwards
 * @param upper corner, rounded outwards
 */
@SuppressWarnings("ArrayRecordComponent") // Large and shared read-only; never compared.
public record BoxSubproblem(double[] lower, double[] upper, List<Conjunction> cases) {

  /** The same box with other conjunctions. */
  public BoxSubproblem with(List<Conjunction> remaining) {
    return new BoxSubproblem(lower, upper, remaining);
  }

  /** Inputs that can take more than one value. */
  public int freeInputs() {
    int free = 0;
    for (int i = 0; i < lower.length; i++) {
      free += upper[i] > lower[i] ? 1 : 0;
    }
    return free;
  }

  /** Its middle. */
  public double[] center() {
    double[] center = new double[lower.length];
    for (int i = 0; i < center.length; i++) {
      center[i] = middle(i);
    }
    return center;
  }

  /**
   * Two subproblems that cover this one, cut across the edge that is longest beside that of {@code
   * whole}; none where doubles leave no place between the ends.
   */
  public List<BoxSubproblem> split(BoxSubproblem whole) {
    int axis = 0;
    double longest = 0;
    for (int i = 0; i < lower.length; i++) {
      double width = whole.upper[i] - whole.lower[i];
      double share = width > 0 ? (upper[i] - lower[i]) / width : 0;
      if (share > longest) {
        longest = share;
        axis = i;
      }
    }
    double cut = middle(axis);
    if (!(lower[axis] < cut && cut < upper[axis])) {
      return List.of();
    }
    double[] below = upper.clone();
    double[] above = lower.clone();
    below[axis] = cut;
    above[axis] = cut;
    return List.of(new BoxSubproblem(lower, below, cases), new BoxSubproblem(above, upper, cases));
  }

  private double middle(int i) {
    return lower[i] + 0.5 * (upper[i] - lower[i]);
  }
}

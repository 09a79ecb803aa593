package dev.merlon.model.verify.property;

import dev.merlon.model.verify.specification.Conjunction;
import dev.merlon.model.verify.specification.Specification.Region;
import dev.merlon.model.verify.vnnlib.InputBox;
import java.util.List;

/**
 * A box of inputs and the conjunctions that nothing has excluded there. The arrays are shared,
 * nobody writes to them.
 *
 * @param lower corner, rounded outwards
 * @param upper corner, rounded outwards
 */
@SuppressWarnings("ArrayRecordComponent") // Large and shared read-only; never compared.
record OpenPart(double[] lower, double[] upper, List<Conjunction> cases) {

  /** All of a region. */
  static OpenPart of(Region<InputBox> region) {
    return new OpenPart(region.inputs().lower(), region.inputs().upper(), region.cases());
  }

  OpenPart with(List<Conjunction> remaining) {
    return new OpenPart(lower, upper, remaining);
  }

  /** Inputs that can take more than one value. */
  int freeInputs() {
    int free = 0;
    for (int i = 0; i < lower.length; i++) {
      free += upper[i] > lower[i] ? 1 : 0;
    }
    return free;
  }

  double[] center() {
    double[] center = new double[lower.length];
    for (int i = 0; i < center.length; i++) {
      center[i] = middle(i);
    }
    return center;
  }

  /**
   * Two boxes that cover this one, cut across the edge that is longest beside that of {@code
   * whole}; none where doubles leave no place between the ends.
   */
  List<OpenPart> halves(OpenPart whole) {
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
    return List.of(new OpenPart(lower, below, cases), new OpenPart(above, upper, cases));
  }

  private double middle(int i) {
    return lower[i] + 0.5 * (upper[i] - lower[i]);
  }
}

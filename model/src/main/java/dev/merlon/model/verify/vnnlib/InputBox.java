package dev.merlon.model.verify.vnnlib;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.commons.numbers.fraction.BigFraction;

/**
 * A box of inputs, one interval for each element of the input tensor. Boxes of one property share
 * what the text says of all of them.
 *
 * @param common the intervals that hold in every region of the property
 * @param narrowed those that are narrower in this one, by position
 */
public record InputBox(List<Interval> common, Map<Integer, Interval> narrowed) {
  /** Keeps a copy of what is narrowed. */
  public InputBox {
    narrowed = Map.copyOf(narrowed);
  }

  /** Number of elements of the input tensor. */
  public int size() {
    return common.size();
  }

  /** The interval of one element. */
  public Interval interval(int position) {
    Interval narrow = narrowed.get(position);
    return narrow != null ? narrow : common.get(position);
  }

  /** The lower corner, rounded down to doubles: for proofs. */
  public double[] lower() {
    double[] corner = new double[size()];
    Arrays.setAll(corner, position -> interval(position).floor());
    return corner;
  }

  /** The upper corner, rounded up to doubles: for proofs. */
  public double[] upper() {
    double[] corner = new double[size()];
    Arrays.setAll(corner, position -> interval(position).ceiling());
    return corner;
  }

  /** Whether exactly this point lies in the box. */
  public boolean contains(List<BigFraction> point) {
    for (int position = 0; position < size(); position++) {
      if (!interval(position).contains(point.get(position))) {
        return false;
      }
    }
    return true;
  }
}

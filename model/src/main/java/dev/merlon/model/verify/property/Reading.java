package dev.merlon.model.verify.property;

import dev.merlon.model.onnx.operator.Ending;
import dev.merlon.model.verify.ladder.BoxSubproblem;
import dev.merlon.model.verify.specification.LinearConstraint;
import dev.merlon.model.verify.specification.LinearConstraint.Term;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.numbers.fraction.BigFraction;

/**
 * What a constraint on a file's outputs says about the logits, of which alone there are bounds:
 * functions of the logits to be bounded from below, and whether such bounds exclude it.
 */
sealed interface Reading {

  /** The linear functions of the logits to be bounded. */
  List<Row> rows();

  /**
   * Whether bounds exclude the constraint.
   *
   * @param rows lower bounds of {@link #rows}
   * @param lowest bounds of each logit
   * @param highest bounds of each logit
   */
  boolean excluded(BoxSubproblem subproblem, double[] rows, double[] lowest, double[] highest);

  /** Coefficients of a linear function of the logits, by position. */
  record Row(Map<Integer, Double> coefficients) {
    static Row difference(int plus, int minus) {
      return new Row(Map.of(plus, 1.0, minus, -1.0));
    }
  }

  /**
   * How a constraint is read. Where it says the same of the outputs and of the logits, it is taken
   * for one on the logits: differences of log-softmaxes are those of the logits, and a softmax
   * keeps their order.
   *
   * @param outputs number of outputs
   */
  static Reading of(LinearConstraint constraint, Ending ending, int outputs) {
    BigFraction sum = BigFraction.ZERO;
    for (Term term : constraint.outputs()) {
      sum = sum.add(term.coefficient());
    }
    boolean linear =
        switch (ending) {
          case LOGITS -> true;
          case LOG_SOFTMAX -> sum.signum() == 0;
          case SOFTMAX ->
              constraint.outputs().isEmpty()
                  || (sum.signum() == 0
                      && constraint.outputs().size() == 2
                      && constraint.inputs().isEmpty()
                      && constraint.constant().signum() == 0);
        };
    return linear ? new OfLogits(constraint) : new OfSoftmax(constraint, ending, outputs);
  }

  /** The same constraint on the logits. */
  record OfLogits(LinearConstraint constraint) implements Reading {
    @Override
    public List<Row> rows() {
      Map<Integer, Double> coefficients = new LinkedHashMap<>();
      constraint.outputs().forEach(term -> coefficients.put(term.position(), term.nearest()));
      return List.of(new Row(coefficients));
    }

    @Override
    public boolean excluded(
        BoxSubproblem subproblem, double[] rows, double[] lowest, double[] highest) {
      return Exclusion.byOutputs(constraint, subproblem, lowest, highest)
          || Exclusion.byRow(constraint, rows[0], subproblem, lowest, highest);
    }
  }

  /** A constraint whose outputs are bounded one by one, each from its differences to the others. */
  record OfSoftmax(LinearConstraint constraint, Ending ending, int outputs) implements Reading {
    @Override
    public List<Row> rows() {
      List<Row> rows = new ArrayList<>();
      for (Term term : constraint.outputs()) {
        int self = term.position();
        for (int other = 0; other < outputs; other++) {
          if (other != self) {
            rows.add(rising(term) ? Row.difference(self, other) : Row.difference(other, self));
          }
        }
      }
      return rows;
    }

    @Override
    public boolean excluded(
        BoxSubproblem subproblem, double[] rows, double[] lowest, double[] highest) {
      double[] below = new double[outputs];
      double[] above = new double[outputs];
      int next = 0;
      for (Term term : constraint.outputs()) {
        int self = term.position();
        double[] differences = new double[outputs - 1];
        for (int d = 0; d < differences.length; d++) {
          int other = d < self ? d : d + 1;
          double row = rows[next++];
          differences[d] =
              rising(term)
                  ? smaller(-row, Math.nextUp(highest[other] - lowest[self]))
                  : -smaller(-row, -Math.nextDown(lowest[other] - highest[self]));
        }
        if (rising(term)) {
          below[self] = SoftmaxBounds.lowest(ending, differences);
        } else {
          above[self] = SoftmaxBounds.highest(ending, differences);
        }
      }
      return Exclusion.byOutputs(constraint, subproblem, below, above);
    }

    // The left side is smallest where outputs with these are smallest.
    private static boolean rising(Term term) {
      return term.coefficient().signum() > 0;
    }

    /** The tighter of two upper bounds, of which each may be NaN. */
    private static double smaller(double one, double other) {
      if (Double.isNaN(one)) {
        return other;
      }
      return Double.isNaN(other) ? one : Math.min(one, other);
    }
  }
}

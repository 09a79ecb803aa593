package dev.merlon.actors.job;

import dev.merlon.model.norm.Norm;
import dev.merlon.model.norm.NormBall;
import dev.merlon.model.norm.PerturbationSet;
import dev.merlon.model.verify.count.Summary;
import dev.merlon.model.verify.count.UnionTally;
import dev.merlon.model.verify.question.Guarantee;
import dev.merlon.model.verify.question.Property;
import dev.merlon.model.verify.verdict.Counterexample;
import dev.merlon.model.verify.verdict.MarginBounds;
import dev.merlon.model.verify.verdict.Outcome;
import dev.merlon.model.verify.verdict.Rung;
import dev.merlon.model.verify.verdict.Verdict;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Verdicts about four inputs and two perturbations, counted. */
public final class Verdicts {
  static final PerturbationSet LINF = new NormBall(Norm.of("linf"), 0.1, true);
  static final PerturbationSet L2 = new NormBall(Norm.of("l2"), 0.5, true);

  private static final int LABEL = 7;

  private Verdicts() {}

  /**
   * Input 0 is proved for both, 1 for linf only (a counterexample for l2), 2 is open for both, 3 is
   * misclassified.
   */
  public static Summary summary() {
    var tally = new UnionTally(List.of(LINF, L2), 4, true);
    tally.add(verdict(0, LINF, proved(Rung.IBP)));
    tally.add(verdict(0, L2, proved(Rung.CROWN)));
    tally.add(verdict(1, LINF, proved(Rung.CROWN_IBP)));
    tally.add(
        verdict(1, L2, new Outcome.Falsified(Rung.PGD, Counterexample.at(new float[] {0.5f}))));
    tally.add(verdict(2, LINF, new Outcome.Unknown(Rung.CROWN, "no bound is above 0")));
    tally.add(verdict(2, L2, new Outcome.Timeout(Rung.CROWN)));
    tally.add(verdict(3, LINF, new Outcome.Misclassified()));
    tally.add(verdict(3, L2, new Outcome.Misclassified()));
    return tally.summary();
  }

  /** Input 0 withstood an attack, which failed on input 1. */
  public static Summary withFailure() {
    var tally = new UnionTally(List.of(LINF), 2, true);
    tally.add(verdict(0, LINF, new Outcome.Unknown(Rung.PGD, "nothing found")));
    tally.add(verdict(1, LINF, new Outcome.Unknown(Rung.PGD, "failed: OrtException: broken")));
    return tally.summary();
  }

  private static Outcome proved(Rung rung) {
    return new Outcome.Certified(rung, MarginBounds.of(LABEL, 1, 1, 1, 1, 1, 1, 1, 0));
  }

  private static Verdict verdict(int index, PerturbationSet set, Outcome outcome) {
    int predicted = outcome instanceof Outcome.Misclassified ? 1 : LABEL;
    return new Verdict(
        new Property(index, Optional.empty(), LABEL, set),
        OptionalInt.of(predicted),
        outcome,
        outcome instanceof Outcome.Certified proof
            ? Optional.of(proof.margins())
            : Optional.empty(),
        Guarantee.NOMINAL,
        1.0);
  }
}

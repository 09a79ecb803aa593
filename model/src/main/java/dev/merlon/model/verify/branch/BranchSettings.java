package dev.merlon.model.verify.branch;

import dev.merlon.model.bound.split.SlopeSettings;

/**
 * How branch and bound works.
 *
 * @param root slope optimisation over the whole set
 * @param subproblem slope optimisation over one that starts from its parent's parameters
 * @param leaf slope optimisation where no neuron is left to split
 * @param shortlist how many neurons of each ranking are tried before one is split (filtered smart
 *     branching, De Palma et al. 2021)
 * @param subproblems how many open subproblems are kept at most
 * @param batch how many subproblems are split at once at most
 */
public record BranchSettings(
    SlopeSettings root,
    SlopeSettings subproblem,
    SlopeSettings leaf,
    int shortlist,
    int subproblems,
    int batch) {
  // Without its slopes: splits, multipliers, candidates, and the objects around them.
  private static final long SUBPROBLEM_BYTES = 600;

  /** Checks the ranges. */
  public BranchSettings {
    if (shortlist < 1 || subproblems < 1 || batch < 1) {
      throw new IllegalArgumentException("branch and bound needs at least one of each");
    }
  }

  /**
   * The published settings of beta-CROWN's branch and bound.
   *
   * @param bytes what open subproblems may take
   * @param unstable number of unstable neurons
   */
  public static BranchSettings published(long bytes, int unstable) {
    long each = SUBPROBLEM_BYTES + (long) Float.BYTES * unstable;
    int subproblems = (int) Math.max(1, Math.min(bytes / each, Integer.MAX_VALUE));
    return new BranchSettings(
        SlopeSettings.whole(50).withPatience(10),
        SlopeSettings.subproblem(20),
        new SlopeSettings(400, 0.05, 0.1, 0.99, 40, 0),
        3,
        subproblems,
        256);
  }

  /** What functions have to be above. */
  double goal() {
    return subproblem.goal();
  }

  /** The same for functions that have to be above another value than 0. */
  public BranchSettings withGoal(double goal) {
    return new BranchSettings(
        root.withGoal(goal),
        subproblem.withGoal(goal),
        leaf.withGoal(goal),
        shortlist,
        subproblems,
        batch);
  }
}

package dev.merlon.model.verify.proof;

import dev.merlon.model.bound.split.PreActivations;
import dev.merlon.model.bound.split.ProvedSubproblem;
import dev.merlon.model.norm.Cell;
import dev.merlon.model.verify.verdict.Rung;
import java.util.List;

/** What proved that one margin {@code f_label - f_other} is above 0 over a perturbation set. */
public sealed interface MarginProof {

  /** The rung that found it. */
  Rung rung();

  /** The lower bound that is claimed, above 0; it makes up for rounding as the guarantee asks. */
  double lower();

  /**
   * By the bounds of a rung that has nothing to choose: IBP, CROWN-IBP or CROWN with the slopes of
   * least area, over every cell of the set. Whoever computes them finds the bound again.
   */
  record ByBounds(Rung rung, double lower) implements MarginProof {}

  /**
   * By CROWN over cells that together are the set.
   *
   * @param cells at least one
   */
  record ByCells(Rung rung, List<BoundedCell> cells) implements MarginProof {
    /** Copies the list. */
    public ByCells {
      cells = List.copyOf(cells);
    }

    @Override
    public double lower() {
      return cells.stream().mapToDouble(BoundedCell::lower).min().orElseThrow();
    }
  }

  /** A cell of a set, and the margin's bound there. */
  record BoundedCell(Cell cell, double lower) {}

  /**
   * By trees of split neurons, one for each cell of the set. A tree without splits is its root
   * alone: that is alpha-CROWN's proof by slopes.
   *
   * @param trees at least one
   */
  record BySplits(Rung rung, List<Tree> trees) implements MarginProof {
    /** Copies the list. */
    public BySplits {
      trees = List.copyOf(trees);
    }

    @Override
    public double lower() {
      return trees.stream().mapToDouble(Tree::lower).min().orElseThrow();
    }
  }

  /**
   * The leaves of a tree of splits over one cell.
   *
   * @param cell the cell
   * @param inside bounds of the operands of nonlinear operations over the cell, by number of the
   *     operand's value: unstable are the rectifiers whose operand may be on both sides of 0 by
   *     them, and their relaxations end there. They are claimed without a proof of their own
   * @param leaves subproblems that together are the cell, each with the margin's bound there; at
   *     least one
   */
  record Tree(Cell cell, PreActivations.Saved inside, List<ProvedSubproblem> leaves) {
    /** Copies the list. */
    public Tree {
      leaves = List.copyOf(leaves);
    }

    /** The smallest of the leaves' bounds. */
    public double lower() {
      return leaves.stream().mapToDouble(ProvedSubproblem::lower).min().orElseThrow();
    }
  }
}

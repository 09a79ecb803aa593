package dev.merlon.config.objective;

/** How SABR places its small region around the adversarial point. */
public enum RegionForm {
  /** CTBench: half width {@code lambda (UB - LB) / 2} per pixel, inside the clipped ball. */
  DIMWISE,
  /** SABR code: one radius {@code tau}, centre moved into the clipped ball. */
  SCALAR,
  /** SABR paper: search within {@code eps - tau}, box of radius {@code tau} around the result. */
  PAPER,
  /**
   * Search within {@code eps - tau}, ball of the norm and radius {@code tau} around the result,
   * whose first weighted layer is bounded by dual norms. Unlike the paper's box it stays inside an
   * {@code l2} or {@code l1} ball whatever {@code lambda}; with 1 it is the whole ball. For {@code
   * linf} it is the paper's box.
   */
  BALL;

  /** Whether the region fits balls that are no boxes. */
  public boolean fitsEveryBall() {
    return searchesInside();
  }

  /** Whether the search keeps {@code tau} away from the ball's border. */
  public boolean searchesInside() {
    return this == PAPER || this == BALL;
  }
}

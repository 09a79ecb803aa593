package dev.merlon.config.evaluation;

import dev.merlon.config.value.Words;

/** The images that models of a run are compared on. */
public enum SelectionSplit {
  /** Images that no step learns from and no result is reported for. */
  VALIDATION,
  /** The test images: customary in the literature, but results are then optimistic. */
  TEST;

  /** How it is written in configuration and reports. */
  public String word() {
    return Words.of(this);
  }
}

package dev.merlon.model.bound.split;

/** The margins of a label as functions of the outputs. */
public final class LabelMargins {
  private LabelMargins() {}

  /** Those of a label; a function's number is that of the class it is compared with. */
  public static OutputRows of(int label) {
    return (bounds, others, owner) -> bounds.marginRows(label, others, owner);
  }
}

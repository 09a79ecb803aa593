package dev.merlon.tests.planted.model.network;

import dev.merlon.tests.planted.model.bound.BoundThatKeepsANumber;

/** Closes a cycle between two parts of the model. */
public final class PartThatKnowsBounds {
  private PartThatKnowsBounds() {}

  /** The other half of a cycle. */
  public static String known() {
    return BoundThatKeepsANumber.class.getName();
  }
}

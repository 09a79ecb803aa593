package dev.merlon.tests.planted.config;

import dev.merlon.tests.planted.model.bound.BoundThatKeepsANumber;

/** Breaks the arrow from model to config. */
public final class ConfigThatKnowsModel {
  private ConfigThatKnowsModel() {}

  /** What it may not know. */
  public static String known() {
    return BoundThatKeepsANumber.class.getName();
  }
}

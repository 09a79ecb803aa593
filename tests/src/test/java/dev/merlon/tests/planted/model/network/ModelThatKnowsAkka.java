package dev.merlon.tests.planted.model.network;

import akka.Done;

/** Knows Akka below the streams. */
public final class ModelThatKnowsAkka {
  private ModelThatKnowsAkka() {}

  /** What it may not know. */
  public static Done done() {
    return Done.getInstance();
  }
}

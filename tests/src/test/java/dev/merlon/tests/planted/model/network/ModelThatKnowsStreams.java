package dev.merlon.tests.planted.model.network;

import dev.merlon.tests.planted.streams.StreamThatKnowsActors;

/** Breaks the arrow from streams to model. */
public final class ModelThatKnowsStreams {
  private ModelThatKnowsStreams() {}

  /** What it may not know. */
  public static String known() {
    return StreamThatKnowsActors.class.getName();
  }
}

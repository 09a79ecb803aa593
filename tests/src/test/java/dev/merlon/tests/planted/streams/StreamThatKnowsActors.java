package dev.merlon.tests.planted.streams;

import dev.merlon.tests.planted.actors.training.ActorThatMisbehaves;

/** Breaks the arrow from actors to streams. */
public final class StreamThatKnowsActors {
  private StreamThatKnowsActors() {}

  /** What it may not know. */
  public static String known() {
    return ActorThatMisbehaves.class.getName();
  }
}

package dev.merlon.tests.planted.actors.cli;

/** A view of jobs. */
public final class CommandThatPrints {
  /** What it says. */
  public String words() {
    return "done";
  }
}

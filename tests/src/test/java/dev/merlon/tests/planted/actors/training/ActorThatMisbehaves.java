package dev.merlon.tests.planted.actors.training;

import java.util.logging.Logger;

/** Logs, prints, draws and ends the process where it may not. */
public final class ActorThatMisbehaves {
  private ActorThatMisbehaves() {}

  /** What it may not do. */
  public static void act() {
    Logger.getLogger("x").info("logged elsewhere");
    System.out.println(Math.random());
    System.exit(1);
  }
}

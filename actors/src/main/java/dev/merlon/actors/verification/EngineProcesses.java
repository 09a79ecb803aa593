package dev.merlon.actors.verification;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import dev.merlon.actors.link.EngineProcess;
import java.time.Duration;

/** Where verifiers' own processes come from, and how long they are used. */
public interface EngineProcesses {

  /** One more process that runs a {@link VerifyEngine}, with a name for people. */
  Behavior<EngineProcess.Command> verifier(String name, ActorRef<EngineProcess.Event> owner);

  /**
   * Whether a process has done enough and a fresh one should take its place.
   *
   * @param models that it has opened
   * @param ageNanos since its start
   * @param residentBytes what it has in memory; 0 where that is not known
   */
  boolean isWornOut(int models, long ageNanos, long residentBytes);

  /** How long one that is worn out may take to end. */
  Duration grace();
}

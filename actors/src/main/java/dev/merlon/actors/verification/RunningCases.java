package dev.merlon.actors.verification;

import akka.actor.typed.ActorRef;
import akka.stream.KillSwitch;
import java.util.concurrent.CompletionStage;

/** Work on the cases of one model that was started. Thread-safe. */
public final class RunningCases extends RunningWork<CaseCounts> {
  private final ActorRef<VerifierPool.Command> pool;

  RunningCases(
      KillSwitch stop, CompletionStage<CaseCounts> report, ActorRef<VerifierPool.Command> pool) {
    super(stop, report);
    this.pool = pool;
  }

  /**
   * Adds verifiers; without effect when the work has ended.
   *
   * @param verifiers how many more, at least 1
   */
  public void grow(int verifiers) {
    pool.tell(new VerifierPool.Grow(verifiers));
  }
}

package dev.merlon.actors.verification;

import akka.stream.KillSwitch;
import java.util.concurrent.CompletionStage;
import java.util.function.IntConsumer;

/** Work on the cases of one model that was started. Thread-safe. */
public final class RunningCases extends RunningWork<CaseCounts> {
  private final IntConsumer verifiers;

  RunningCases(KillSwitch stop, CompletionStage<CaseCounts> report, IntConsumer verifiers) {
    super(stop, report);
    this.verifiers = verifiers;
  }

  /**
   * Adds verifiers; without effect when the work has ended.
   *
   * @param more how many, at least 1
   */
  public void grow(int more) {
    verifiers.accept(more);
  }
}

package dev.merlon.actors.job;

import dev.merlon.actors.RunningWork;
import dev.merlon.actors.event.JobEvent;
import dev.merlon.actors.event.JobPhase;
import dev.merlon.actors.verification.OpenedStore;
import dev.merlon.actors.verification.StoreChoice;
import dev.merlon.actors.verification.StoreHome;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * What a job is given beside what is asked for.
 *
 * @param events told what happens, in order, one event at a time; must not block
 * @param stop how the job learns that it should stop
 * @param home where verdicts are kept unless the job says otherwise
 */
public record JobContext(Consumer<JobEvent> events, StopSignal stop, StoreHome home) {

  /** Events from the several threads of a job, one at a time. */
  public JobContext {
    events = oneAtATime(events);
  }

  void tell(JobEvent event) {
    events.accept(event);
  }

  /** Tells something that a person should know. */
  void note(String message) {
    tell(new JobEvent.Noted(message));
  }

  /**
   * Opens a store of verdicts.
   *
   * @throws dev.merlon.config.failure.MerlonException when the file that somebody named cannot be
   *     used
   */
  OpenedStore open(StoreChoice choice) {
    return OpenedStore.open(choice, home, this::note);
  }

  /** Does a part of the job, whose begin and end are told. */
  <T> T during(JobPhase phase, Supplier<T> work) {
    tell(new JobEvent.PhaseBegan(phase));
    try {
      return work.get();
    } finally {
      tell(new JobEvent.PhaseEnded(phase));
    }
  }

  /**
   * Waits for work, which is cancelled when the job is to stop.
   *
   * @throws dev.merlon.config.failure.MerlonException when it fails
   */
  <T> T untilStopped(JobPhase phase, RunningWork<T> work) {
    try (var registration =
        stop.during(
            () -> {
              tell(new JobEvent.Stopping(phase));
              work.stop();
            })) {
      return Waiting.forResult(work.result());
    }
  }

  private static Consumer<JobEvent> oneAtATime(Consumer<JobEvent> listener) {
    Object turn = new Object();
    return event -> {
      synchronized (turn) {
        listener.accept(event);
      }
    };
  }
}

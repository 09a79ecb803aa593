package dev.merlon.actors.job;

import dev.merlon.actors.event.JobEvent;
import java.util.function.Consumer;

/**
 * What a job is given beside what is asked for.
 *
 * @param events told what happens, in order, one event at a time; must not block
 * @param stop how the job learns that it should stop
 */
public record JobContext(Consumer<JobEvent> events, StopSignal stop) {

  /** Events from the several threads of a job, one at a time. */
  public JobContext {
    events = oneAtATime(events);
  }

  void tell(JobEvent event) {
    events.accept(event);
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

package dev.merlon.actors.job;

import dev.merlon.actors.event.JobEvent;
import dev.merlon.actors.event.JobPhase;
import dev.merlon.actors.verification.StoreHome;
import dev.merlon.model.store.Prover;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;

/** Runs jobs without any view, keeps what they tell, and lets them be stopped. Thread-safe. */
final class RecordedJob {
  private final List<JobEvent> events = Collections.synchronizedList(new ArrayList<>());
  private final StopHandle stop = new StopHandle();
  private final Path store;

  /**
   * A recorder.
   *
   * @param store the usual store of verdicts
   */
  RecordedJob(Path store) {
    this.store = store;
  }

  /** What a job is given. */
  JobContext context() {
    return context(event -> {});
  }

  /**
   * What a job is given.
   *
   * @param watcher told every event once it is kept
   */
  JobContext context(Consumer<JobEvent> watcher) {
    return new JobContext(
        event -> {
          events.add(event);
          watcher.accept(event);
        },
        stop,
        new StoreHome(() -> store, Prover.of("test")));
  }

  StopHandle stop() {
    return stop;
  }

  List<JobEvent> events() {
    return List.copyOf(events);
  }

  /** The events of a kind, in order. */
  <E extends JobEvent> List<E> events(Class<E> kind) {
    return events().stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  /** The phases that began, in order. */
  List<JobPhase> phases() {
    return events(JobEvent.PhaseBegan.class).stream().map(JobEvent.PhaseBegan::phase).toList();
  }

  /** Forgets what was told. */
  void clear() {
    events.clear();
  }
}

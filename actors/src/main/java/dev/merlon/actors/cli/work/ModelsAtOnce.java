package dev.merlon.actors.cli.work;

import dev.merlon.actors.job.Waiting;
import dev.merlon.model.verify.cases.CaseFile;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * Shares verifiers among the models of a file of cases: as many models are in progress as there are
 * verifiers, each with one; when no model waits, verifiers that get free join those in progress, as
 * long as these have more cases than verifiers. Used by one thread.
 *
 * @param <M> the work on one model
 */
final class ModelsAtOnce<M extends ModelsAtOnce.Model> {

  /** The work on one model, which begins with one verifier. */
  interface Model {
    /** How many cases there are. */
    int cases();

    /** Adds a verifier. */
    void grow();

    /** Asks it to end soon. */
    void cancel();

    /** Completes when it has ended, well or not. */
    CompletionStage<?> ended();
  }

  /** What is done about models. */
  interface Work<M> {
    /** Starts; empty when there is nothing to wait for. */
    Optional<M> start(CaseFile.Group group);

    /**
     * Concludes what has ended.
     *
     * @throws RuntimeException when no other model shall be worked on
     */
    void conclude(M ended);
  }

  private final Work<M> work;
  private final Deque<CaseFile.Group> waiting;
  private final Map<M, Integer> verifiers = new LinkedHashMap<>();
  private final BlockingQueue<M> ended = new LinkedBlockingQueue<>();
  private int free;

  /**
   * One that has yet to {@link #run}.
   *
   * @param verifiers of all models together, at least 1
   */
  ModelsAtOnce(int verifiers, List<CaseFile.Group> groups, Work<M> work) {
    this.free = verifiers;
    this.waiting = new ArrayDeque<>(groups);
    this.work = work;
  }

  /** Works on all models and returns when nothing is in progress any more. */
  void run() {
    try {
      startWaiting();
      while (!verifiers.isEmpty()) {
        work.conclude(next());
        startWaiting();
      }
    } finally {
      verifiers.keySet().forEach(Model::cancel);
      while (!verifiers.isEmpty()) {
        next();
      }
    }
  }

  private void startWaiting() {
    while (free > 0 && !waiting.isEmpty()) {
      work.start(waiting.removeFirst()).ifPresent(this::begin);
    }
    if (waiting.isEmpty()) {
      spread();
    }
  }

  private void begin(M begun) {
    free--;
    verifiers.put(begun, 1);
    begun.ended().whenComplete((result, failed) -> ended.add(begun));
  }

  private void spread() {
    while (free > 0) {
      Optional<Map.Entry<M, Integer>> fewest =
          verifiers.entrySet().stream()
              .filter(entry -> entry.getValue() < entry.getKey().cases())
              .min(Comparator.comparingInt(Map.Entry::getValue));
      if (fewest.isEmpty()) {
        return;
      }
      fewest.get().getKey().grow();
      fewest.get().setValue(fewest.get().getValue() + 1);
      free--;
    }
  }

  private M next() {
    M done = Waiting.forNext(ended);
    free += Optional.ofNullable(verifiers.remove(done)).orElseThrow();
    return done;
  }
}

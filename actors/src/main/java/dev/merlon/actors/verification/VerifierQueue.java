package dev.merlon.actors.verification;

import akka.actor.typed.ActorRef;
import dev.merlon.config.Failure;
import dev.merlon.model.verify.Verdict;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Batches that wait for a worker, workers that wait for a batch, and who has which: a batch is
 * handed out only to a worker that asked for one. Every batch that comes in is answered exactly
 * once. Used by one actor.
 */
final class VerifierQueue {
  private final int limit;
  private final Deque<VerifierJob> waiting = new ArrayDeque<>();
  private final Deque<ActorRef<VerifierWorker.Command>> idle = new ArrayDeque<>();
  private final Map<Long, Assignment> inProgress = new LinkedHashMap<>();
  private long tickets;

  private record Assignment(ActorRef<VerifierWorker.Command> worker, VerifierJob job) {}

  /**
   * An empty queue.
   *
   * @param limit batches that may wait
   */
  VerifierQueue(int limit) {
    this.limit = limit;
  }

  /** Takes a batch, or refuses it where too many wait. */
  void add(VerifierJob job) {
    if (waiting.size() >= limit) {
      job.refuse(
          new Failure.Device(
              "Verification queue is full", "Ask again when earlier requests are answered."));
      return;
    }
    waiting.addLast(job);
    handOut();
  }

  /** A worker wants a batch. */
  void ready(ActorRef<VerifierWorker.Command> worker) {
    idle.addLast(worker);
    handOut();
  }

  /** A batch is verified; its worker gets no other before it is {@link #ready}. */
  void finished(long ticket, List<Verdict> verdicts) {
    taken(ticket).ifPresent(job -> job.answer(verdicts));
  }

  /** A batch broke its verifier: it is tried once more, before all others. */
  void crashed(long ticket, String reason) {
    taken(ticket).ifPresent(job -> retry(job, reason));
    handOut();
  }

  /** A batch broke its verifier and is not tried again. */
  void givenUp(long ticket, String reason) {
    taken(ticket).ifPresent(job -> job.answerUnknown(reason));
  }

  /** A worker is gone; what it had is not tried again. */
  void forget(ActorRef<VerifierWorker.Command> worker, String reason) {
    idle.remove(worker);
    inProgress.values().stream()
        .filter(assignment -> assignment.worker().equals(worker))
        .forEach(assignment -> assignment.job().answerUnknown(reason));
    inProgress.values().removeIf(assignment -> assignment.worker().equals(worker));
  }

  /** Answers what waits as unknown. */
  void answerWaiting(String reason) {
    waiting.forEach(job -> job.answerUnknown(reason));
    waiting.clear();
  }

  /** Refuses what waits. */
  void refuseWaiting(Failure failure) {
    waiting.forEach(job -> job.refuse(failure));
    waiting.clear();
  }

  /** Refuses what waits and what is being verified. */
  void refuseAll(Failure failure) {
    refuseWaiting(failure);
    inProgress.values().forEach(assignment -> assignment.job().refuse(failure));
    inProgress.clear();
  }

  /** Whether nobody works. */
  boolean isIdle() {
    return inProgress.isEmpty();
  }

  private void handOut() {
    while (!waiting.isEmpty() && !idle.isEmpty()) {
      var worker = idle.removeFirst();
      VerifierJob job = waiting.removeFirst();
      long ticket = ++tickets;
      inProgress.put(ticket, new Assignment(worker, job));
      worker.tell(new VerifierWorker.Work(ticket, job.queries(), job.effort()));
    }
  }

  private void retry(VerifierJob job, String reason) {
    if (job.hasAnotherAttempt()) {
      waiting.addFirst(job.again());
    } else {
      job.answerUnknown("the verifier failed twice: " + reason);
    }
  }

  private Optional<VerifierJob> taken(long ticket) {
    return Optional.ofNullable(inProgress.remove(ticket)).map(Assignment::job);
  }
}

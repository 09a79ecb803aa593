package dev.merlon.actors.verification;

import akka.actor.typed.ActorRef;
import dev.merlon.config.failure.Failure;
import dev.merlon.model.verify.Answers;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * What a pool owes one request: events that were not taken yet, and the word that more queries may
 * come. Used by the pool alone.
 */
final class OpenRequest {
  private final Request request;
  private final ActorRef<VerifierPool.Event> events;
  private final Deque<VerifierPool.Event> untold = new ArrayDeque<>();
  private Optional<ActorRef<VerifierPool.Accepted>> waitingSupplier = Optional.empty();
  private boolean mayTell = true;
  private boolean ended;

  OpenRequest(Request request, ActorRef<VerifierPool.Event> events) {
    this.request = request;
    this.events = events;
  }

  Request request() {
    return request;
  }

  /** How many events wait to be taken. */
  int untold() {
    return untold.size();
  }

  /** Whether its last event was made. */
  boolean ended() {
    return ended;
  }

  /** Hands over what is answered, if anything is. */
  void answer(List<Answers.Answered> answers) {
    if (!answers.isEmpty()) {
      tell(new VerifierPool.Answered(answers));
    }
  }

  void finish() {
    end(new VerifierPool.Finished());
  }

  void refuse(Failure failure) {
    end(new VerifierPool.Refused(failure));
  }

  private void end(VerifierPool.Event last) {
    if (!ended) {
      tell(last);
      ended = true;
      letSupply();
    }
  }

  private void tell(VerifierPool.Event event) {
    if (ended) {
      return;
    }
    if (mayTell) {
      mayTell = false;
      events.tell(event);
    } else {
      untold.add(event);
    }
  }

  /** The last event was dealt with. */
  void taken() {
    mayTell = untold.isEmpty();
    if (!mayTell) {
      events.tell(untold.remove());
    }
  }

  /** Keeps a supplier waiting until {@link #letSupply}. */
  void supplierWaits(ActorRef<VerifierPool.Accepted> supplier) {
    waitingSupplier = Optional.of(supplier);
  }

  /** Lets a supplier that waits go on. */
  void letSupply() {
    waitingSupplier.ifPresent(supplier -> supplier.tell(VerifierPool.Accepted.NEXT));
    waitingSupplier = Optional.empty();
  }
}

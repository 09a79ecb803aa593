package dev.merlon.actors.verification;

import dev.merlon.config.failure.Failure;
import dev.merlon.model.verify.Answers;
import dev.merlon.model.verify.Pending;
import dev.merlon.model.verify.PendingProperty;
import dev.merlon.model.verify.PendingQuery;
import dev.merlon.model.verify.verdict.Outcome;
import dev.merlon.model.verify.verdict.Rung;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The requests of a pool, from their admission until all is answered, given up or taken back. Used
 * by the pool alone.
 */
final class OpenRequests {
  // Lists of verdicts that wait to be read before their request gets no verifier any more.
  private static final int MOST_UNTOLD = 16;
  private static final String BREAKS_VERIFIERS = "breaks verifiers";

  private final CertificationScheduler<Pending> scheduler;
  private final Workforce workforce;
  private final int backlog;
  private final Map<Long, OpenRequest> requests = new LinkedHashMap<>();

  /**
   * None yet.
   *
   * @param backlog how many tasks of a request's first phase wait before a supplier has to
   */
  OpenRequests(CertificationScheduler<Pending> scheduler, Workforce workforce, int backlog) {
    this.scheduler = scheduler;
    this.workforce = workforce;
    this.backlog = backlog;
  }

  /** Takes a request, whose tasks are still to come. */
  OpenRequest admit(VerifierPool.Admit admit) {
    Request request = admit.request();
    OpenRequest open = new OpenRequest(request, admit.events());
    requests.put(request.id(), open);
    scheduler.admit(
        new RequestQueues.Order(
            request.id(),
            request.requestClass(),
            request.model().digest(),
            request.phases(),
            request.deadline()));
    return open;
  }

  /** Takes tasks of a request; who supplies them waits until more are welcome. */
  void supply(VerifierPool.Supply supply) {
    OpenRequest open = requests.get(supply.request());
    if (open == null || open.ended()) {
      supply.accepted().tell(VerifierPool.Accepted.NEXT);
      return;
    }
    open.supplierWaits(supply.accepted());
    if (scheduler.isGivenUp(open.request().model().digest())) {
      giveUp(open, supply.tasks(), BREAKS_VERIFIERS);
    } else {
      scheduler.supply(supply.request(), List.copyOf(supply.tasks()));
    }
  }

  Optional<OpenRequest> of(long id) {
    return Optional.ofNullable(requests.get(id));
  }

  /** Whose a slice is; empty where nobody waits for it any more. */
  Optional<OpenRequest> owner(Slice<Pending> slice) {
    return of(slice.request());
  }

  /** A slice came back: its request is told what is answered, and what never will be. */
  void worked(OpenRequest request, VerifierPool.Worked worked) {
    List<Pending> left = worked.left();
    boolean stopped = worked.stopped();
    List<Pending> open =
        scheduler.done(worked.ticket(), stopped ? left : List.of(), stopped ? List.of() : left);
    request.answer(worked.answers());
    giveUp(request, open, "no rung proved or refuted it");
  }

  /** A slice broke a verifier: what did it is given up, the rest is tried again. */
  void broke(VerifierPool.Broke broke) {
    scheduler
        .broke(broke.ticket())
        .forEach(
            (request, tasks) ->
                of(request)
                    .ifPresent(
                        open -> giveUp(open, tasks, BREAKS_VERIFIERS + ": " + broke.reason())));
  }

  /** Queries that cannot be answered are unknown; a property has no word for what broke. */
  private void giveUp(OpenRequest open, List<? extends Pending> tasks, String reason) {
    List<Answers.Answered> answers = new ArrayList<>();
    for (Pending task : tasks) {
      if (task instanceof PendingQuery query) {
        answers.add(Answers.Answered.unanswered(query, reason));
      } else {
        refuse(
            open,
            new Failure.Device("The property " + reason, "The log says more; try another model."));
      }
    }
    open.answer(answers);
  }

  /**
   * A verifier does not come back from a slice. The time of a property is up then, and that is its
   * answer; whoever asked queries is told that verifiers hang.
   */
  void overdue(OpenRequest open, Slice<Pending> slice, Duration grace) {
    if (slice.queries().stream().allMatch(PendingProperty.class::isInstance)) {
      Outcome late =
          new Outcome.Timeout(
              Rung.PREDICT,
              Optional.of("time is up; the model was not opened, or a computation hangs"));
      open.answer(slice.queries().stream().map(each -> new Answers.Answered(each, late)).toList());
    } else {
      refuse(
          open,
          new Failure.Device(
              "A verifier did not answer within its time limit and " + grace.toSeconds() + " s",
              "Raise merlon.verify.reply-grace if its queries take that long."));
    }
  }

  /** Ends a request with a reason. */
  void refuse(OpenRequest open, Failure failure) {
    takeBack(open.request().id());
    open.refuse(failure);
  }

  /** Ends all requests with a reason. */
  void refuseAll(Failure failure) {
    requests.values().forEach(open -> refuse(open, failure));
  }

  /** Nothing of a request is begun any more, and what is worked on is given up soon. */
  void takeBack(long request) {
    scheduler.cancel(request);
    scheduler.inProgress(request).forEach(this::askBack);
  }

  /** A slice is given back as soon as its verifier looks. */
  void askBack(long ticket) {
    scheduler.askedBack(ticket);
    workforce.askBack(ticket);
  }

  /** Hands out what waits, but of no request whose verdicts are not read. */
  void handOut() {
    requests
        .values()
        .forEach(open -> scheduler.hold(open.request().id(), open.untold() > MOST_UNTOLD));
    workforce
        .idle()
        .forEach(
            (worker, held) ->
                scheduler
                    .next(held, workforce.size())
                    .ifPresent(
                        slice ->
                            workforce.hand(worker, slice, owner(slice).orElseThrow().request())));
  }

  /** Ends what is complete, lets suppliers go on, forgets what has been told all. */
  void settle() {
    for (OpenRequest open : List.copyOf(requests.values())) {
      long id = open.request().id();
      if (scheduler.complete(id)) {
        open.finish();
      }
      if (scheduler.backlog(id) < backlog) {
        open.letSupply();
      }
      if (open.ended() && open.untold() == 0 && scheduler.inProgress(id).isEmpty()) {
        requests.remove(id);
        scheduler.forget(id);
      }
    }
  }
}

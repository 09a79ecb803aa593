package dev.merlon.actors.verification;

import akka.actor.typed.ActorRef;
import akka.pattern.StatusReply;
import dev.merlon.actors.verification.VerifierPool.Verdicts;
import dev.merlon.config.Failure;
import dev.merlon.config.MerlonException;
import dev.merlon.model.verify.Effort;
import dev.merlon.model.verify.Query;
import dev.merlon.model.verify.Verdict;
import java.util.List;

/**
 * A batch on its way through a pool.
 *
 * @param effort how hard is tried
 * @param attempt how often it was handed out, this time included; counted from 1
 */
record VerifierJob(
    List<Query> queries, Effort effort, ActorRef<StatusReply<Verdicts>> replyTo, int attempt) {
  private static final int ATTEMPTS = 2;

  /** A batch that was just asked for. */
  static VerifierJob of(VerifierPool.Verify request) {
    return new VerifierJob(request.queries(), request.effort(), request.replyTo(), 1);
  }

  /** Whether it may be handed out once more. */
  boolean hasAnotherAttempt() {
    return attempt < ATTEMPTS;
  }

  VerifierJob again() {
    return new VerifierJob(queries, effort, replyTo, attempt + 1);
  }

  void answer(List<Verdict> verdicts) {
    replyTo.tell(StatusReply.success(new Verdicts(verdicts)));
  }

  void answerUnknown(String reason) {
    answer(queries.stream().map(query -> Verdict.unanswered(query, reason)).toList());
  }

  void refuse(Failure failure) {
    replyTo.tell(StatusReply.error(new MerlonException(failure)));
  }
}

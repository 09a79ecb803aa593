package dev.merlon.actors.training;

import akka.actor.typed.ActorRef;
import dev.merlon.actors.training.Checkpointer.AppendMetrics;
import dev.merlon.actors.training.Checkpointer.Command;
import dev.merlon.actors.training.Checkpointer.CutMetrics;
import dev.merlon.model.file.LineWriter;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * What a run has handed to its {@link Checkpointer} and is not done yet: when one dies, the next is
 * handed it again, so that the run directory ends as if nothing had happened. Used by one actor.
 */
final class Outbox {
  private final Deque<Command> sent = new ArrayDeque<>();
  private ActorRef<Command> checkpointer;
  private long metricsBytes;

  /**
   * An outbox with nothing in it.
   *
   * @param metricsBytes length of the metrics file
   */
  Outbox(ActorRef<Command> checkpointer, long metricsBytes) {
    this.checkpointer = checkpointer;
    this.metricsBytes = metricsBytes;
  }

  /** Hands over a command. */
  void send(Command command) {
    sent.addLast(command);
    checkpointer.tell(command);
  }

  /** A command is done. */
  void done(Checkpointer.Done done) {
    sent.removeIf(command -> command == done.command());
    if (done.command() instanceof AppendMetrics append) {
      metricsBytes += LineWriter.bytes(append.line());
    } else if (done.command() instanceof CutMetrics cut) {
      metricsBytes = cut.bytes();
    }
  }

  /** Hands everything that is not done to another checkpointer, behind whole lines of metrics. */
  void sendTo(ActorRef<Command> other) {
    checkpointer = other;
    checkpointer.tell(new CutMetrics(metricsBytes));
    sent.forEach(checkpointer::tell);
  }
}

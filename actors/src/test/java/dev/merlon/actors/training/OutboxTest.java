package dev.merlon.actors.training;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.TestProbe;
import dev.merlon.actors.training.Checkpointer.AppendMetrics;
import dev.merlon.actors.training.Checkpointer.CutMetrics;
import dev.merlon.actors.training.Checkpointer.Done;
import dev.merlon.actors.training.Checkpointer.Flush;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class OutboxTest {
  private static final ActorTestKit KIT = ActorTestKit.create();
  private final TestProbe<Checkpointer.Command> first = KIT.createTestProbe();
  private final TestProbe<Checkpointer.Command> second = KIT.createTestProbe();
  private final Outbox outbox = new Outbox(first.getRef(), 10);

  @AfterAll
  static void stopSystem() {
    KIT.shutdownTestKit();
  }

  @Test
  void sendTo_someAreDone_handsOverTheOthersInTheirOrder() {
    AppendMetrics one = new AppendMetrics("one");
    AppendMetrics sameWords = new AppendMetrics("one");
    Flush flush = new Flush();
    List.of(one, sameWords, flush).forEach(outbox::send);
    outbox.done(new Done(one));

    outbox.sendTo(second.getRef());

    second.expectMessage(new CutMetrics(14));
    assertThat(second.receiveMessage()).isSameAs(sameWords);
    assertThat(second.receiveMessage()).isSameAs(flush);
    second.expectNoMessage();
    assertThat(first.receiveSeveralMessages(3)).containsExactly(one, sameWords, flush);
  }

  @Test
  void sendTo_linesWereTakenBack_cutsThere() {
    CutMetrics cut = new CutMetrics(4);
    outbox.send(cut);
    outbox.done(new Done(cut));

    outbox.sendTo(second.getRef());
    outbox.send(new Flush());

    second.expectMessage(new CutMetrics(4));
    second.expectMessage(new Flush());
    second.expectNoMessage();
  }
}

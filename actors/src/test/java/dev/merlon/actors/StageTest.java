package dev.merlon.actors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.Behaviors;
import akka.pattern.StatusReply;
import dev.merlon.config.failure.Failure;
import dev.merlon.config.failure.MerlonException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class StageTest {
  private static final ActorTestKit KIT = ActorTestKit.create();
  private static final Duration HOURS = Duration.ofHours(5);
  private static final Stage.Role<Ask> ROLE = new Stage.Role<>("test stage", "Wait longer.");
  @RegisterExtension private final CapturedLog log = new CapturedLog();

  private record Ask(String word, ActorRef<StatusReply<String>> replyTo) {}

  @AfterAll
  static void stopSystem() {
    KIT.shutdownTestKit();
  }

  @Test
  void ask_answered_givesTheAnswer() throws Exception {
    assertThat(value(ask(echo(), "hello"))).isEqualTo("hello");
  }

  @Test
  void ask_refused_failsWithTheReasonAsItIs() {
    IllegalArgumentException reason = new IllegalArgumentException("no");
    Stage<Ask> stage = answering(ask -> StatusReply.error(reason));

    assertThatThrownBy(() -> value(ask(stage, "hello"))).hasCause(reason);
  }

  @Test
  void ask_severalWaitWhenItDies_allFailWithItsReason() throws Exception {
    log.expectError("planted");
    Stage<Ask> stage =
        stage(
            ask -> {
              if (ask.word().equals("die")) {
                throw new IllegalStateException("planted");
              }
              return Behaviors.same();
            });
    CompletionStage<String> before = ask(stage, "held");
    CompletionStage<String> deadly = ask(stage, "die");
    CompletionStage<String> unread = ask(stage, "late");

    for (CompletionStage<String> answer : List.of(before, deadly, unread)) {
      assertThatThrownBy(() -> value(answer))
          .cause()
          .isInstanceOf(MerlonException.class)
          .hasMessage("The test stage failed unexpectedly: IllegalStateException: planted");
    }
    awaitGone(stage);
  }

  @Test
  void ask_afterItsDeath_failsWithItsReason() throws Exception {
    log.expectError("planted");
    Stage<Ask> stage = dyingOf(() -> new IllegalStateException("planted"));
    ask(stage, "die");
    awaitGone(stage);

    assertThatThrownBy(() -> value(ask(stage, "hello"))).cause().hasMessageContaining("planted");
  }

  @Test
  void ask_diesOfAnError_failsAndTheSystemLives() throws Exception {
    log.expectError("StackOverflowError");
    Stage<Ask> stage = stage(ask -> recursing(1) > 0 ? Behaviors.same() : Behaviors.stopped());

    assertThatThrownBy(() -> value(ask(stage, "die")))
        .cause()
        .hasMessageStartingWith("The test stage failed unexpectedly: ")
        .hasMessageContaining("StackOverflowError");
    awaitGone(stage);
    assertThat(value(ask(echo(), "hello"))).isEqualTo("hello");
  }

  @Test
  void ask_diesOfAFailure_failsWithThatFailure() throws Exception {
    log.expectError("damaged");
    Failure damaged = new Failure.Data("damaged", "fetch it again");

    Stage<Ask> stage = dyingOf(() -> new MerlonException(damaged));

    assertThatThrownBy(() -> value(ask(stage, "die")))
        .cause()
        .isInstanceOfSatisfying(
            MerlonException.class, failed -> assertThat(failed.failure()).isSameAs(damaged));
    awaitGone(stage);
  }

  @Test
  void ask_stopsByItself_failsAndSaysSo() {
    assertThatThrownBy(() -> value(ask(stage(ask -> Behaviors.stopped()), "stop")))
        .cause()
        .hasMessage("The test stage ended without a reason");
  }

  @Test
  void ask_hangs_isAFailureOfTheDeviceWithoutItsAddress() {
    CompletionStage<String> answer =
        stage(ask -> Behaviors.same())
            .ask(replyTo -> new Ask("hello", replyTo), Duration.ofMillis(20));

    assertThatThrownBy(() -> value(answer))
        .cause()
        .isInstanceOfSatisfying(
            MerlonException.class,
            late ->
                assertThat(late.failure())
                    .isEqualTo(
                        new Failure.Device(
                            "The test stage did not answer within 0 s", "Wait longer.")));
  }

  @Test
  void death_whileItLives_isNotDone() throws Exception {
    Stage<Ask> stage = echo();
    value(ask(stage, "hello"));

    assertThat(stage.death().toCompletableFuture()).isNotDone();
    assertThat(stage.gone().toCompletableFuture()).isNotDone();
  }

  // What it died of is logged before it is gone.
  private static void awaitGone(Stage<Ask> stage) throws Exception {
    stage.gone().toCompletableFuture().get(30, TimeUnit.SECONDS);
  }

  private static Stage<Ask> echo() {
    return answering(ask -> StatusReply.success(ask.word()));
  }

  private static Stage<Ask> answering(Function<Ask, StatusReply<String>> answer) {
    return stage(
        ask -> {
          ask.replyTo().tell(answer.apply(ask));
          return Behaviors.same();
        });
  }

  private static Stage<Ask> dyingOf(Supplier<RuntimeException> reason) {
    return stage(
        ask -> {
          throw reason.get();
        });
  }

  @SuppressWarnings("InfiniteRecursion") // That is what it dies of.
  private static int recursing(int depth) {
    return 1 + recursing(depth + 1);
  }

  private static Stage<Ask> stage(akka.japi.Function<Ask, Behavior<Ask>> receive) {
    return Stage.spawn(KIT.system(), ROLE, Behaviors.receiveMessage(receive));
  }

  private static CompletionStage<String> ask(Stage<Ask> stage, String word) {
    return stage.ask(replyTo -> new Ask(word, replyTo), HOURS);
  }

  private static String value(CompletionStage<String> answer) throws Exception {
    return answer.toCompletableFuture().get(30, TimeUnit.SECONDS);
  }
}

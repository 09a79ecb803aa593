package dev.merlon.streams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import akka.Done;
import akka.NotUsed;
import akka.actor.ActorSystem;
import akka.stream.Materializer;
import akka.stream.javadsl.Source;
import akka.stream.testkit.javadsl.StreamTestKit;
import akka.testkit.javadsl.TestKit;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(AsciiDigits.class)
class TrainingTest {
  private static final long SECONDS = 10;
  private static ActorSystem system;
  private Materializer materializer;

  /** Work that a test takes up and answers by hand, in the order it was asked for. */
  private static final class ByHand<T, R> implements Function<T, CompletionStage<R>> {
    record Asked<T, R>(T what, CompletableFuture<R> answer) {}

    private final List<Asked<T, R>> asked = new CopyOnWriteArrayList<>();
    private final BlockingQueue<Asked<T, R>> handedOver = new LinkedBlockingQueue<>();

    @Override
    public CompletionStage<R> apply(T what) {
      Asked<T, R> request = new Asked<>(what, new CompletableFuture<>());
      asked.add(request);
      handedOver.add(request);
      return request.answer();
    }

    Asked<T, R> next() throws InterruptedException {
      Asked<T, R> request = handedOver.poll(SECONDS, TimeUnit.SECONDS);
      assertThat(request).as("a request").isNotNull();
      return request;
    }

    int count() {
      return asked.size();
    }
  }

  @BeforeAll
  static void startSystem() {
    system = ActorSystem.create("streams");
  }

  @AfterAll
  static void stopSystem() {
    TestKit.shutdownActorSystem(system);
  }

  @BeforeEach
  void createMaterializer() {
    materializer = Materializer.createMaterializer(system);
  }

  @AfterEach
  void assertAllStagesStopped() {
    StreamTestKit.assertAllStagesStopped(materializer);
    materializer.shutdown();
  }

  @Test
  void steps_untouched_commitEveryStepInOrderWithItsContext() throws Exception {
    List<InStep<String>> committed = new CopyOnWriteArrayList<>();

    Training.steps(
            Batches.of(new EpochSteps("run", 2, 3, 10, 4), 3, c -> done("b" + c.step())),
            Training.stage(batch -> done(batch.value() + "a")),
            Training.stage(attacked -> done(attacked.value() + "p")),
            committed::add)
        .run(materializer)
        .completion()
        .toCompletableFuture()
        .get(SECONDS, TimeUnit.SECONDS);

    assertThat(committed).extracting(InStep::value).containsExactlyElementsOf(expected(4, 10));
    assertThat(committed.get(1).context()).isEqualTo(new StepContext("run", 3, 5, 35, 2));
  }

  @Test
  void steps_noneLeft_complete() throws Exception {
    List<InStep<String>> committed = new CopyOnWriteArrayList<>();

    Training.steps(
            Batches.of(new EpochSteps("run", 1, 0, 5, 5), 2, c -> done("b")),
            Training.stage(batch -> done("a")),
            Training.stage(attacked -> done("p")),
            committed::add)
        .run(materializer)
        .completion()
        .toCompletableFuture()
        .get(SECONDS, TimeUnit.SECONDS);

    assertThat(committed).isEmpty();
  }

  @Test
  void steps_propagationBusy_searchesOneAheadAndLoadsNoMoreThanPrefetch() throws Exception {
    var load = new ByHand<StepContext, String>();
    var search = new ByHand<InStep<String>, String>();
    var propagate = new ByHand<InStep<String>, String>();
    RunningStream running = start(load, search, propagate, new CopyOnWriteArrayList<>());

    load.next().answer().complete("b0");
    search.next().answer().complete("a0");
    var first = propagate.next();
    load.next().answer().complete("b1");
    assertThat(search.next().what().value()).isEqualTo("b1");

    load.next().answer().complete("b2");
    load.next().answer().complete("b3");
    assertThat(propagate.count()).isEqualTo(1);
    assertThat(load.count()).isEqualTo(4);
    running.stop().shutdown();
    first.answer().complete("p0");
    running.completion().toCompletableFuture().get(SECONDS, TimeUnit.SECONDS);
  }

  @Test
  void steps_stopped_commitTheStepAtHandAndNoOther() throws Exception {
    var propagate = new ByHand<InStep<String>, String>();
    List<InStep<String>> committed = new CopyOnWriteArrayList<>();
    var upstreamEnded = new CompletableFuture<Done>();
    RunningStream running =
        Training.steps(
                ending(batches(c -> done("b")), upstreamEnded),
                Training.stage(batch -> done("a")),
                Training.stage(propagate),
                committed::add)
            .run(materializer);
    var first = propagate.next();

    running.stop().shutdown();
    upstreamEnded.get(SECONDS, TimeUnit.SECONDS);
    first.answer().complete("p0");

    running.completion().toCompletableFuture().get(SECONDS, TimeUnit.SECONDS);
    assertThat(committed).extracting(InStep::value).containsExactly("p0");
    assertThat(propagate.count()).isEqualTo(1);
  }

  @Test
  void steps_stageFails_completionFailsWithItsCause() {
    IllegalStateException planted = new IllegalStateException("planted");
    CompletableFuture<String> failed = CompletableFuture.failedFuture(planted);

    assertFails(
        start(c -> failed, b -> done("a"), a -> done("p"), new CopyOnWriteArrayList<>()), planted);
    assertFails(
        start(c -> done("b"), b -> failed, a -> done("p"), new CopyOnWriteArrayList<>()), planted);
    assertFails(
        start(c -> done("b"), b -> done("a"), a -> failed, new CopyOnWriteArrayList<>()), planted);
  }

  @Test
  void steps_functionThrows_completionFails() {
    IllegalStateException planted = new IllegalStateException("planted");
    Function<InStep<String>, CompletionStage<String>> throwing =
        attacked -> {
          throw planted;
        };

    assertFails(
        start(c -> done("b"), b -> done("a"), throwing, new CopyOnWriteArrayList<>()), planted);
  }

  @Test
  void steps_aborted_completionFailsAtOnce() throws Exception {
    var propagate = new ByHand<InStep<String>, String>();
    IllegalStateException planted = new IllegalStateException("worker gone");
    RunningStream running =
        start(c -> done("b"), b -> done("a"), propagate, new CopyOnWriteArrayList<>());
    propagate.next();

    running.stop().abort(planted);

    assertFails(running, planted);
  }

  @Test
  void pass_stoppedHalfWay_measuresNoMore() throws Exception {
    var measure = new ByHand<InStep<String>, Done>();
    List<StepContext> measured = new CopyOnWriteArrayList<>();
    var upstreamEnded = new CompletableFuture<Done>();
    RunningStream running =
        Training.pass(ending(batches(c -> done("b")), upstreamEnded), measure, measured::add)
            .run(materializer);
    measure.next().answer().complete(Done.done());
    var second = measure.next();

    running.stop().shutdown();
    upstreamEnded.get(SECONDS, TimeUnit.SECONDS);
    second.answer().complete(Done.done());

    running.completion().toCompletableFuture().get(SECONDS, TimeUnit.SECONDS);
    assertThat(measured).extracting(StepContext::step).containsExactly(0, 1);
  }

  private RunningStream start(
      Function<StepContext, CompletionStage<String>> load,
      Function<InStep<String>, CompletionStage<String>> search,
      Function<InStep<String>, CompletionStage<String>> propagate,
      List<InStep<String>> committed) {
    return Training.steps(
            batches(load), Training.stage(search), Training.stage(propagate), committed::add)
        .run(materializer);
  }

  private static Source<InStep<String>, NotUsed> batches(
      Function<StepContext, CompletionStage<String>> load) {
    return Batches.of(new EpochSteps("run", 1, 0, 100, 0), 2, load);
  }

  /**
   * The source, which completes {@code ended} when it ends. A stop reaches the stream some time
   * after the call that asks for it; what a test answers before that may let one more step through.
   */
  private static <T> Source<T, NotUsed> ending(
      Source<T, NotUsed> source, CompletableFuture<Done> ended) {
    return source.watchTermination(
        (nothing, termination) -> {
          termination.whenComplete(
              (done, failure) -> {
                if (failure == null) {
                  ended.complete(done);
                } else {
                  ended.completeExceptionally(failure);
                }
              });
          return nothing;
        });
  }

  private static void assertFails(RunningStream running, Throwable cause) {
    assertThatThrownBy(
            () -> running.completion().toCompletableFuture().get(SECONDS, TimeUnit.SECONDS))
        .isInstanceOf(ExecutionException.class)
        .hasRootCause(cause);
  }

  private static <T> CompletionStage<T> done(T value) {
    return CompletableFuture.completedFuture(value);
  }

  private static List<String> expected(int from, int to) {
    return IntStream.range(from, to).mapToObj(step -> "b" + step + "ap").toList();
  }
}

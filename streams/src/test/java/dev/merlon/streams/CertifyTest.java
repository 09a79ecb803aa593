package dev.merlon.streams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import akka.Done;
import akka.NotUsed;
import akka.actor.ActorSystem;
import akka.stream.Materializer;
import akka.stream.UniqueKillSwitch;
import akka.stream.javadsl.Sink;
import akka.stream.javadsl.Source;
import akka.stream.testkit.TestSubscriber;
import akka.stream.testkit.javadsl.StreamTestKit;
import akka.stream.testkit.javadsl.TestSink;
import akka.testkit.javadsl.TestKit;
import dev.merlon.config.failure.MerlonException;
import dev.merlon.model.norm.LInf;
import dev.merlon.model.norm.NormBall;
import dev.merlon.model.norm.PerturbationSet;
import dev.merlon.model.verify.question.Guarantee;
import dev.merlon.model.verify.question.Query;
import dev.merlon.model.verify.question.Question;
import dev.merlon.model.verify.verdict.Verdict;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(AsciiDigits.class)
class CertifyTest {
  private static final long SECONDS = 10;
  private static final int BUFFERED_GROUPS = 20;
  private static final PerturbationSet SET = new NormBall(new LInf(), 0.1, true);
  private static ActorSystem system;
  private Materializer materializer;

  @BeforeAll
  static void startSystem() {
    system = ActorSystem.create("certify");
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
  void supply_slowVerifiers_queriesWaitUnmade() {
    List<Integer> made = new CopyOnWriteArrayList<>();
    TestSubscriber.Probe<List<Query>> verifiers = supplied(1000, made::add);

    verifiers.request(1);
    List<Query> first = verifiers.expectNext();
    verifiers.expectNoMessage();

    assertThat(first).extracting(Query::index).containsExactly(0, 1, 2, 3);
    // What the buffers between threads hold, and no more.
    assertThat(made).hasSizeLessThanOrEqualTo(4 * (1 + BUFFERED_GROUPS));
    verifiers.cancel();
  }

  @Test
  void supply_allTaken_everyQueryOnceInGroups() {
    TestSubscriber.Probe<List<Query>> verifiers = supplied(10, made -> {});

    verifiers.request(10);

    for (int size : new int[] {4, 4, 2}) {
      assertThat(verifiers.expectNext()).hasSize(size);
    }
    verifiers.expectComplete();
  }

  @Test
  void supply_shutDown_noMoreQueriesAreMade() {
    AtomicReference<TestSubscriber.Probe<List<Query>>> verifiers = new AtomicReference<>();
    UniqueKillSwitch running =
        Certify.supply(() -> queries(1000, made -> {}), 4, probe(verifiers)).run(materializer);
    verifiers.get().request(1);
    verifiers.get().expectNext();

    running.shutdown();

    verifiers.get().request(1000);
    verifiers.get().expectNextOrComplete();
  }

  @Test
  void record_lists_oneAfterAnotherUntilTheBookWantsNoMore() throws Exception {
    List<Integer> recorded = new CopyOnWriteArrayList<>();
    Source<List<Verdict>, NotUsed> verdicts =
        Source.range(0, 100).map(index -> answered(List.of(query(index))));

    Certify.record(
            verdicts,
            fresh -> {
              recorded.add(fresh.get(0).property().index());
              return recorded.size() < 5;
            })
        .run(materializer)
        .second()
        .toCompletableFuture()
        .get(SECONDS, TimeUnit.SECONDS);

    assertThat(recorded).containsExactly(0, 1, 2, 3, 4);
  }

  @Test
  void record_verifiersFail_failsWithTheirFailure() {
    MerlonException refused = MerlonException.modelFormat("not a model", "try another");

    CompletionStage<Done> recorded =
        Certify.record(Source.<List<Verdict>>failed(refused), fresh -> true)
            .run(materializer)
            .second();

    assertThatThrownBy(() -> recorded.toCompletableFuture().get(SECONDS, TimeUnit.SECONDS))
        .isInstanceOf(ExecutionException.class)
        .hasRootCause(refused);
  }

  private TestSubscriber.Probe<List<Query>> supplied(int queries, IntConsumer made) {
    AtomicReference<TestSubscriber.Probe<List<Query>>> verifiers = new AtomicReference<>();
    Certify.supply(() -> queries(queries, made), 4, probe(verifiers)).run(materializer);
    return verifiers.get();
  }

  private static Sink<List<Query>, NotUsed> probe(
      AtomicReference<TestSubscriber.Probe<List<Query>>> verifiers) {
    return TestSink.<List<Query>>create(system)
        .mapMaterializedValue(
            probe -> {
              verifiers.set(probe);
              return NotUsed.getInstance();
            });
  }

  private static Iterator<Query> queries(int count, IntConsumer made) {
    return IntStream.range(0, count).peek(made).mapToObj(CertifyTest::query).iterator();
  }

  private static Query query(int index) {
    return Query.of(index, new float[] {0.5f}, 0, new Question(SET, Guarantee.NOMINAL));
  }

  private static List<Verdict> answered(List<Query> queries) {
    return queries.stream().map(query -> Verdict.unanswered(query, "test")).toList();
  }
}

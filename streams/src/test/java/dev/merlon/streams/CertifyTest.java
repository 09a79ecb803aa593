package dev.merlon.streams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import akka.NotUsed;
import akka.actor.ActorSystem;
import akka.japi.Pair;
import akka.stream.Materializer;
import akka.stream.javadsl.Flow;
import akka.stream.javadsl.Keep;
import akka.stream.javadsl.Sink;
import akka.stream.javadsl.Source;
import akka.stream.testkit.TestPublisher;
import akka.stream.testkit.TestSubscriber;
import akka.stream.testkit.javadsl.StreamTestKit;
import akka.stream.testkit.javadsl.TestSink;
import akka.stream.testkit.javadsl.TestSource;
import akka.testkit.javadsl.TestKit;
import dev.merlon.config.Failure;
import dev.merlon.config.MerlonException;
import dev.merlon.model.norm.LInf;
import dev.merlon.model.norm.NormBall;
import dev.merlon.model.norm.PerturbationSet;
import dev.merlon.model.verify.Guarantee;
import dev.merlon.model.verify.Query;
import dev.merlon.model.verify.Question;
import dev.merlon.model.verify.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
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
class CertifyTest {
  private static final long SECONDS = 10;
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
  void verdicts_batchesAnsweredOutOfOrder_orderOfTheQueries() throws Exception {
    List<CompletableFuture<List<Verdict>>> answers = new CopyOnWriteArrayList<>();
    List<List<Query>> asked = new CopyOnWriteArrayList<>();
    Function<List<Query>, CompletionStage<List<Verdict>>> byHand =
        queries -> {
          asked.add(queries);
          CompletableFuture<List<Verdict>> answer = new CompletableFuture<>();
          answers.add(answer);
          if (answers.size() == 3) {
            for (int i = 2; i >= 0; i--) {
              answers.get(i).complete(answered(asked.get(i)));
            }
          }
          return answer;
        };

    List<Verdict> verdicts = run(Certify.verdicts(4, 3, byHand), 10).get(SECONDS, TimeUnit.SECONDS);

    assertThat(asked).extracting(List::size).containsExactly(4, 4, 2);
    assertThat(verdicts).extracting(v -> v.property().index()).isEqualTo(indices(10));
  }

  @Test
  void batches_nobodyReads_onlyTheBatchesInFlightAreTaken() {
    List<List<Query>> asked = new CopyOnWriteArrayList<>();
    Pair<TestPublisher.Probe<Query>, TestSubscriber.Probe<List<Verdict>>> probes =
        TestSource.<Query>create(system)
            .via(
                Certify.batches(
                    2,
                    2,
                    queries -> {
                      asked.add(queries);
                      return CompletableFuture.completedFuture(answered(queries));
                    }))
            .toMat(TestSink.<List<Verdict>>create(system), Keep.both())
            .run(materializer);
    TestPublisher.Probe<Query> source = probes.first();
    TestSubscriber.Probe<List<Verdict>> sink = probes.second();

    sink.ensureSubscription();
    for (int i = 0; i < 4; i++) {
      source.sendNext(query(i));
    }
    sink.requestNext();
    source.sendNext(query(4));
    source.sendNext(query(5));
    sink.requestNext();
    sink.requestNext();
    assertThat(asked).hasSize(3);
    sink.expectNoMessage();
    sink.cancel();
    source.expectCancellation();
  }

  @Test
  void batches_slowVerifier_queriesWaitUpstream() {
    List<Integer> made = new CopyOnWriteArrayList<>();
    List<CompletableFuture<List<Verdict>>> open = new CopyOnWriteArrayList<>();
    Source<Query, NotUsed> queries =
        Source.fromIterator(() -> IntStream.range(0, 1000).mapToObj(CertifyTest::query).iterator())
            .wireTap(query -> made.add(query.index()));
    TestSubscriber.Probe<List<Verdict>> sink =
        queries
            .via(
                Certify.batches(
                    2,
                    3,
                    batch -> {
                      CompletableFuture<List<Verdict>> answer = new CompletableFuture<>();
                      open.add(answer);
                      return answer;
                    }))
            .runWith(TestSink.<List<Verdict>>create(system), materializer);

    sink.request(1000);
    sink.expectNoMessage();

    // Three batches in flight, and at most one that is being gathered.
    assertThat(open).hasSize(3);
    assertThat(made).hasSizeLessThanOrEqualTo(8);
    sink.cancel();
  }

  @Test
  void batches_verifierFails_streamFailsWithItsFailure() {
    MerlonException refused =
        new MerlonException(new Failure.ModelFormat("not a model", "try another"));

    CompletableFuture<List<Verdict>> verdicts =
        run(Certify.verdicts(2, 2, queries -> CompletableFuture.failedFuture(refused)), 4);

    assertThatThrownBy(() -> verdicts.get(SECONDS, TimeUnit.SECONDS))
        .isInstanceOf(ExecutionException.class)
        .hasRootCause(refused);
  }

  @Test
  void batches_verdictsOfOtherQueries_internalFailure() {
    CompletableFuture<List<Verdict>> verdicts =
        run(
            Certify.verdicts(
                2,
                1,
                queries -> CompletableFuture.completedFuture(answered(queries.subList(0, 1)))),
            4);

    assertThatThrownBy(() -> verdicts.get(SECONDS, TimeUnit.SECONDS))
        .hasRootCauseInstanceOf(MerlonException.class)
        .hasMessageContaining("2 queries");
  }

  private CompletableFuture<List<Verdict>> run(Flow<Query, Verdict, NotUsed> flow, int queries) {
    List<Query> all = new ArrayList<>();
    IntStream.range(0, queries).forEach(i -> all.add(query(i)));
    return Source.from(all).via(flow).runWith(Sink.seq(), materializer).toCompletableFuture();
  }

  private static Query query(int index) {
    return Query.of(index, new float[] {0.5f}, 0, new Question(SET, Guarantee.NOMINAL));
  }

  private static List<Verdict> answered(List<Query> queries) {
    return queries.stream().map(query -> Verdict.unanswered(query, "test")).toList();
  }

  private static List<Integer> indices(int count) {
    return IntStream.range(0, count).boxed().toList();
  }
}

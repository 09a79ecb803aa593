package dev.merlon.actors.verification;

import static org.assertj.core.api.Assertions.assertThat;

import akka.Done;
import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import dev.merlon.actors.CapturedLog;
import dev.merlon.config.failure.Failure;
import dev.merlon.config.failure.MerlonException;
import dev.merlon.model.verify.PendingQuery;
import dev.merlon.model.verify.question.Query;
import dev.merlon.model.verify.verdict.Outcome;
import dev.merlon.model.verify.verdict.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class VerifierPoolTest {
  @RegisterExtension private final CapturedLog log = new CapturedLog();
  private static ActorTestKit kit;

  @BeforeAll
  static void startKit() {
    kit = ActorTestKit.create();
  }

  @AfterAll
  static void stopKit() {
    kit.shutdownTestKit();
  }

  @Test
  void supply_moreQueriesThanWorkersTakeAtOnce_allAnsweredNeverMoreAtOnce() {
    FakeVerifiers fakes = new FakeVerifiers(queries -> {});
    var pool = pool(2);

    Client client = new Client(pool, 1, fakes.model("a"));
    client.supply(0, 40);
    client.supplied();

    assertThat(indices(client.verdicts())).containsExactlyInAnyOrderElementsOf(range(0, 40));
    assertThat(fakes.mostAtOnce()).isLessThanOrEqualTo(2);
    drain(pool);
    assertThat(fakes.opened()).isBetween(1, 2).isEqualTo(fakes.closed());
  }

  @Test
  void supply_severalModels_openedByWhoeverWorksOnThemAndClosedForOthers() {
    List<FakeVerifiers> fakes = new ArrayList<>();
    var pool = pool(1);
    List<Client> clients = new ArrayList<>();

    for (int model = 0; model < 4; model++) {
      fakes.add(new FakeVerifiers(queries -> {}));
      clients.add(new Client(pool, model, fakes.get(model).model("model " + model)));
      clients.get(model).supply(10 * model, 10 * model + 5);
      clients.get(model).supplied();
    }

    for (int model = 0; model < 4; model++) {
      assertThat(indices(clients.get(model).verdicts()))
          .containsExactlyInAnyOrderElementsOf(range(10 * model, 10 * model + 5));
    }
    int open = fakes.stream().mapToInt(each -> each.opened() - each.closed()).sum();
    assertThat(open).isBetween(1, FakeVerifiers.OPEN_MODELS);
    drain(pool);
    assertThat(fakes).allSatisfy(each -> assertThat(each.closed()).isEqualTo(each.opened()));
  }

  @Test
  void taken_verdictsAreNotRead_workStops() throws Exception {
    AtomicInteger worked = new AtomicInteger();
    FakeVerifiers fakes = new FakeVerifiers(queries -> worked.addAndGet(queries.size()));
    var pool = pool(1);
    Client lazy = new Client(pool, 1, fakes.model("a"));
    lazy.supply(0, 1000);
    lazy.supplied();
    Client other = new Client(pool, 2, fakes.model("a"));
    other.supply(0, 40);
    other.supplied();

    other.verdicts();

    assertThat(worked.get()).isLessThan(400);
    assertThat(lazy.verdicts()).hasSize(1000);
    drain(pool);
  }

  @Test
  void supply_oneQueryBreaksVerifiers_thatOneUnknownAndAllOthersAnswered() {
    log.expectError("A verifier broke");
    FakeVerifiers fakes = new FakeVerifiers(breaking(Set.of(7)));
    var pool = pool(1);
    Client client = new Client(pool, 1, fakes.model("a"));
    client.supply(0, 12);
    client.supplied();

    List<Verdict> verdicts = client.verdicts();

    assertThat(verdicts).hasSize(12);
    assertThat(verdicts)
        .filteredOn(verdict -> verdict.kind() == Outcome.Kind.UNKNOWN)
        .singleElement()
        .satisfies(verdict -> assertThat(verdict.property().index()).isEqualTo(7))
        .satisfies(verdict -> assertReason(verdict, "breaks verifiers: "));
    drain(pool);
    assertThat(fakes.closed()).isEqualTo(fakes.opened());
  }

  @Test
  void supply_everyQueryBreaksVerifiers_modelGivenUpAndLaterOnesAnsweredAtOnce() {
    log.expectError("A verifier broke");
    AtomicInteger breaks = new AtomicInteger();
    FakeVerifiers fakes =
        new FakeVerifiers(
            queries -> {
              breaks.incrementAndGet();
              // An error, as a native library raises it.
              throw new LinkageError("poison");
            });
    FakeVerifiers sound = new FakeVerifiers(queries -> {});
    var pool = pool(1);
    Client client = new Client(pool, 1, fakes.model("poisonous"));
    client.supply(0, 30);
    client.supplied();
    assertThat(client.verdicts()).hasSize(30).allMatch(VerifierPoolTest::isUnknown);
    int before = breaks.get();

    Client later = new Client(pool, 2, fakes.model("poisonous"));
    later.supply(0, 5);
    later.supplied();
    Client other = new Client(pool, 3, sound.model("sound"));
    other.supply(0, 5);
    other.supplied();

    assertThat(later.verdicts()).hasSize(5).allMatch(VerifierPoolTest::isUnknown);
    assertThat(breaks).hasValue(before);
    assertThat(other.verdicts()).hasSize(5).allMatch(Verdict::certified);
    drain(pool);
  }

  @Test
  void supply_modelRefused_requestEndsWithTheFailureAndOthersGoOn() {
    MerlonException refused = MerlonException.modelFormat("not a model", "try another");
    FakeVerifiers fakes = new FakeVerifiers(queries -> {});
    var pool = pool(2);
    Client bad =
        new Client(
            pool,
            1,
            new ServedModel(
                "bad",
                1,
                () -> {
                  throw refused;
                },
                Optional.empty()));
    Client good = new Client(pool, 2, fakes.model("good"));
    bad.supply(0, 20);
    good.supply(0, 20);
    good.supplied();

    assertThat(bad.failure()).isEqualTo(refused.failure());
    assertThat(good.verdicts()).hasSize(20);
    drain(pool);
  }

  @Test
  void supply_questionThatTheModelCannotBeAsked_requestEndsWithTheReason() {
    Failure failure = new Failure.Configuration("no such guarantee", "Use another.");
    FakeVerifiers fakes =
        new FakeVerifiers(
            queries -> {
              throw new MerlonException(failure);
            });
    var pool = pool(1);
    Client client = new Client(pool, 1, fakes.model("a"));
    client.supply(0, 3);

    assertThat(client.failure()).isEqualTo(failure);
    assertThat(fakes.opened()).isEqualTo(1);
    drain(pool);
  }

  @Test
  void supply_queriesCannotBeRead_requestEndsWithTheReason() {
    Failure failure = new Failure.Data("image 3 is damaged", "Fetch it again.");
    var pool = pool(1);
    Client client = new Client(pool, 1, new FakeVerifiers(queries -> {}).model("a"));
    client.supply(0, 3);

    pool.tell(new VerifierPool.Unsupplied(1, failure));

    assertThat(client.failure()).isEqualTo(failure);
    drain(pool);
  }

  @Test
  void supply_faster_thanItIsWorkedOn_supplierWaits() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    FakeVerifiers fakes = new FakeVerifiers(queries -> await(go));
    var pool = pool(1);
    Client client = new Client(pool, 1, fakes.model("a"));
    int accepted = 0;

    while (client.supplyIfAccepted(4 * accepted, 4 * accepted + 4)) {
      accepted++;
      assertThat(accepted).isLessThan(100);
    }
    go.countDown();
    client.acceptedLater();
    client.supplied();

    assertThat(client.verdicts()).hasSize(4 * (accepted + 1));
    drain(pool);
  }

  @Test
  void cancel_workInProgress_stopsAndFinishes() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    FakeVerifiers fakes = new FakeVerifiers(queries -> begun.countDown()).untilStopped();
    var pool = pool(1);
    Client client = new Client(pool, 1, fakes.model("a"));
    client.supply(0, 10);
    assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();

    pool.tell(new VerifierPool.Cancel(1));

    assertThat(client.verdicts()).isEmpty();
    drain(pool);
  }

  @Test
  void drain_workInProgress_refusedAndAllClosed() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    FakeVerifiers fakes = new FakeVerifiers(queries -> begun.countDown()).untilStopped();
    var pool = pool(1);
    Client client = new Client(pool, 1, fakes.model("a"));
    client.supply(0, 10);
    assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();

    drain(pool);

    assertThat(client.failure()).isInstanceOf(Failure.Cancelled.class);
    assertThat(fakes.closed()).isEqualTo(fakes.opened());
  }

  @Test
  void tick_verifierHangs_itsRequestEndsWithAReasonAndNobodyWaitsForIt() {
    CountDownLatch go = new CountDownLatch(1);
    FakeVerifiers fakes = new FakeVerifiers(queries -> await(go));
    var pool = kit.spawn(VerifierPool.create(FakeVerifiers.impatient(1)));
    Client client = new Client(pool, 1, fakes.model("a"));
    client.supply(0, 1);
    client.supplied();

    assertThat(client.failure().message()).contains("did not answer within");
    FakeVerifiers others = new FakeVerifiers(queries -> {});
    Client other = new Client(pool, 2, others.model("b"));
    other.supply(0, 3);
    other.supplied();
    assertThat(other.verdicts()).hasSize(3);
    TestProbe<Done> drained = kit.createTestProbe();
    pool.tell(new VerifierPool.Drain(drained.ref()));
    drained.expectMessage(Duration.ofSeconds(30), Done.getInstance());
    go.countDown();
    drained.expectTerminated(pool);
  }

  /** A request whose verdicts are read as they come. */
  private static final class Client {
    private final ActorRef<VerifierPool.Command> pool;
    private final long id;
    private final TestProbe<VerifierPool.Accepted> accepted = kit.createTestProbe();
    private final TestProbe<VerifierPool.Event> events = kit.createTestProbe();

    Client(ActorRef<VerifierPool.Command> pool, long id, ServedModel model) {
      this.pool = pool;
      this.id = id;
      pool.tell(
          new VerifierPool.Admit(
              Request.ofQueries(
                  id, RequestClass.INCOMING, model, FakeVerifiers.EFFORT, OptionalLong.empty()),
              accepted.ref(),
              events.ref()));
      accepted.expectMessage(VerifierPool.Accepted.NEXT);
    }

    void supply(int from, int to) {
      List<PendingQuery> queries =
          FakeVerifiers.queries(from, to).stream().map(PendingQuery::fresh).toList();
      pool.tell(new VerifierPool.Supply(id, queries, accepted.ref()));
    }

    boolean supplyIfAccepted(int from, int to) {
      supply(from, to);
      try {
        accepted.expectMessage(Duration.ofMillis(500), VerifierPool.Accepted.NEXT);
        return true;
      } catch (AssertionError waits) {
        return false;
      }
    }

    void acceptedLater() {
      accepted.expectMessage(VerifierPool.Accepted.NEXT);
    }

    void supplied() {
      pool.tell(new VerifierPool.Supplied(id));
    }

    /** All verdicts until the end, which has to be a good one. */
    List<Verdict> verdicts() {
      List<Verdict> all = new ArrayList<>();
      VerifierPool.Event event = next();
      while (event instanceof VerifierPool.Answered answered) {
        all.addAll(answered.verdicts());
        event = next();
      }
      assertThat(event).isInstanceOf(VerifierPool.Finished.class);
      return all;
    }

    /** What the request ends with, which has to be a failure. */
    Failure failure() {
      VerifierPool.Event event = next();
      while (event instanceof VerifierPool.Answered) {
        event = next();
      }
      return ((VerifierPool.Refused) event).failure();
    }

    private VerifierPool.Event next() {
      VerifierPool.Event event = events.receiveMessage(Duration.ofSeconds(30));
      pool.tell(new VerifierPool.Taken(id));
      return event;
    }
  }

  private static ActorRef<VerifierPool.Command> pool(int verifiers) {
    return kit.spawn(VerifierPool.create(FakeVerifiers.settings(verifiers)));
  }

  private static Consumer<List<Query>> breaking(Set<Integer> deadly) {
    Set<Integer> all = ConcurrentHashMap.newKeySet();
    all.addAll(deadly);
    return queries -> {
      if (queries.stream().anyMatch(query -> all.contains(query.index()))) {
        throw new IllegalStateException("native trouble");
      }
    };
  }

  private static void drain(ActorRef<VerifierPool.Command> pool) {
    TestProbe<Done> drained = kit.createTestProbe();
    pool.tell(new VerifierPool.Drain(drained.ref()));
    drained.expectMessage(Duration.ofSeconds(30), Done.getInstance());
    drained.expectTerminated(pool);
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
  }

  private static List<Integer> indices(List<Verdict> verdicts) {
    return verdicts.stream().map(verdict -> verdict.property().index()).toList();
  }

  private static List<Integer> range(int from, int to) {
    return IntStream.range(from, to).boxed().collect(Collectors.toList());
  }

  private static boolean isUnknown(Verdict verdict) {
    return verdict.kind() == Outcome.Kind.UNKNOWN;
  }

  private static void assertReason(Verdict verdict, String reason) {
    assertThat(verdict.outcome().reason().orElseThrow()).startsWith(reason);
  }
}

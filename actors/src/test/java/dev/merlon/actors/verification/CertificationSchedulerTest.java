package dev.merlon.actors.verification;

import static org.assertj.core.api.Assertions.assertThat;

import dev.merlon.actors.verification.RequestQueues.Order;
import dev.merlon.model.verify.verdict.LadderPhase;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CertificationSchedulerTest {
  private static final Set<String> NONE = Set.of();
  private static final List<LadderPhase> ALL = List.of(LadderPhase.values());
  private long now;
  private final CertificationScheduler<Integer> scheduler =
      new CertificationScheduler<>(new SliceSizes(8), 2, () -> now);

  @Test
  void next_severalPhases_everyQueryIsThroughOneBeforeAnyBeginsTheNext() {
    admit(1, RequestClass.INCOMING, "a");
    supply(1, 0, 20);
    List<LadderPhase> seen = new ArrayList<>();

    for (var slice = next(); slice.isPresent(); slice = next()) {
      seen.add(slice.get().phase());
      done(slice.get(), List.of(), slice.get().queries());
    }

    assertThat(seen).isSorted().contains(LadderPhase.values());
    assertThat(scheduler.complete(1)).isTrue();
  }

  @Test
  void done_lastPhaseLeavesQueriesOpen_givesThemToItsCaller() {
    scheduler.admit(
        new Order(1, RequestClass.INCOMING, "a", List.of(LadderPhase.QUICK), noDeadline()));
    supply(1, 0, 3);
    var slice = next().orElseThrow();

    List<Integer> open = scheduler.done(slice.ticket(), List.of(), List.of(1, 2));

    assertThat(open).containsExactly(1, 2);
    assertThat(scheduler.complete(1)).isTrue();
  }

  @Test
  void next_fourClassesAlwaysBusy_secondsAreSharedByWeight() {
    Map<RequestClass, Integer> seconds = new EnumMap<>(RequestClass.class);
    List<RequestClass> classes = List.of(RequestClass.values());
    for (int id = 0; id < classes.size(); id++) {
      admit(id, classes.get(id), "model " + id);
      scheduler.supply(id, range(0, 10_000));
    }

    for (int round = 0; round < 1500; round++) {
      var slice = next().orElseThrow();
      seconds.merge(classes.get((int) slice.request()), 1, Integer::sum);
      passSeconds(1);
      done(slice, List.of(), List.of());
    }

    for (RequestClass each : RequestClass.values()) {
      assertThat(seconds.get(each)).isBetween(100 * each.weight() - 2, 100 * each.weight() + 2);
    }
  }

  @Test
  void supply_classThatSlept_hasNoCreditFromThen() {
    admit(1, RequestClass.IDLE, "a");
    admit(2, RequestClass.GATE, "b");
    scheduler.supply(1, range(0, 1000));
    for (int round = 0; round < 100; round++) {
      work(1);
    }
    scheduler.supply(2, range(0, 1000));

    Map<Long, Integer> seconds = new LinkedHashMap<>();
    for (int round = 0; round < 90; round++) {
      seconds.merge(work(1).request(), 1, Integer::sum);
    }

    // By weight from now on: a class that had hoarded credit would have had all of it.
    assertThat(seconds.get(1L)).isBetween(9, 11);
  }

  @Test
  void next_manySmallRequestsBehindAHugeOne_passIt() {
    admit(0, RequestClass.INCOMING, "huge");
    scheduler.supply(0, range(0, 10_000));
    for (int round = 0; round < 10; round++) {
      work(1);
    }
    for (int small = 1; small <= 5; small++) {
      admit(small, RequestClass.INCOMING, "small " + small);
      supply(small, 0, 1);
    }

    Set<Long> next = new HashSet<>();
    for (int round = 0; round < 5; round++) {
      next.add(work(1).request());
    }

    assertThat(next).containsExactlyInAnyOrder(1L, 2L, 3L, 4L, 5L);
  }

  @Test
  void next_deadlines_nearestFirst() {
    scheduler.admit(new Order(1, RequestClass.GATE, "a", ALL, OptionalLong.of(9_000)));
    scheduler.admit(new Order(2, RequestClass.GATE, "b", ALL, OptionalLong.of(5_000)));
    admit(3, RequestClass.GATE, "c");
    for (int request = 1; request <= 3; request++) {
      supply(request, 0, 1);
    }

    List<Long> order = IntStream.range(0, 3).mapToObj(i -> next().orElseThrow().request()).toList();

    assertThat(order).containsExactly(2L, 1L, 3L);
  }

  @Test
  void next_verifierHoldsAModel_keepsToItUntilFairnessWaitsTooLong() {
    admit(1, RequestClass.INCOMING, "a");
    admit(2, RequestClass.INCOMING, "b");
    scheduler.supply(1, range(0, 1000));
    scheduler.supply(2, range(0, 1000));
    List<Long> served = new ArrayList<>();
    Set<String> held = Set.of("a");

    for (int round = 0; round < 4; round++) {
      var slice = scheduler.next(held, 1).orElseThrow();
      served.add(slice.request());
      passSeconds(1);
      done(slice, List.of(), List.of());
    }

    assertThat(served).containsExactly(1L, 1L, 1L, 2L);
  }

  @Test
  void next_sizesOfSlices_aboutASecondEach() {
    admit(1, RequestClass.INCOMING, "a");
    scheduler.supply(1, range(0, 1000));
    var first = next().orElseThrow();
    passSeconds(first.queries().size() / 4.0);
    done(first, List.of(), List.of());

    assertThat(next().orElseThrow().queries()).hasSize(4);
  }

  @Test
  void next_endOfARequest_sharedAmongVerifiers() {
    admit(1, RequestClass.INCOMING, "a");
    supply(1, 0, 6);

    var first = scheduler.next(NONE, 3).orElseThrow();
    var second = scheduler.next(NONE, 3).orElseThrow();

    assertThat(first.queries()).hasSize(2);
    assertThat(second.queries()).hasSize(2);
  }

  @Test
  void hold_verdictsAreNotRead_getsNothing() {
    admit(1, RequestClass.INCOMING, "a");
    supply(1, 0, 6);
    scheduler.hold(1, true);
    assertThat(next()).isEmpty();

    scheduler.hold(1, false);

    assertThat(next()).isPresent();
  }

  @Test
  void broke_oneQueryBreaksVerifiers_foundAndAllOthersWorkedOn() {
    admit(1, RequestClass.INCOMING, "a");
    supply(1, 0, 8);
    int deadly = 5;
    Set<Integer> answered = new HashSet<>();
    List<Integer> givenUp = new ArrayList<>();
    int breaks = 0;

    for (var slice = next(); slice.isPresent(); slice = next()) {
      if (slice.get().queries().contains(deadly)) {
        breaks++;
        scheduler.broke(slice.get().ticket()).values().forEach(givenUp::addAll);
      } else {
        answered.addAll(slice.get().queries());
        done(slice.get(), List.of(), List.of());
      }
    }

    assertThat(givenUp).containsExactly(deadly);
    assertThat(answered).hasSize(7).doesNotContain(deadly);
    assertThat(breaks).isEqualTo(4);
    assertThat(scheduler.isGivenUp("a")).isFalse();
    assertThat(scheduler.complete(1)).isTrue();
  }

  @Test
  void broke_aSingleQuery_triedOnceMore() {
    admit(1, RequestClass.INCOMING, "a");
    supply(1, 0, 1);

    assertThat(scheduler.broke(next().orElseThrow().ticket())).isEmpty();

    assertThat(scheduler.broke(next().orElseThrow().ticket())).containsValue(List.of(0));
  }

  @Test
  void broke_tooManyQueriesOfAModel_givenUpForEveryRequestOfIt() {
    admit(1, RequestClass.INCOMING, "a");
    admit(2, RequestClass.INCOMING, "a");
    admit(3, RequestClass.INCOMING, "b");
    supply(1, 0, 4);
    supply(2, 10, 14);
    supply(3, 20, 24);
    Map<Long, Set<Integer>> givenUp = new LinkedHashMap<>();
    Set<Integer> answered = new HashSet<>();

    for (var slice = next(); slice.isPresent(); slice = next()) {
      if (slice.get().model().equals("a")) {
        scheduler
            .broke(slice.get().ticket())
            .forEach((id, all) -> givenUp.computeIfAbsent(id, n -> new HashSet<>()).addAll(all));
      } else {
        answered.addAll(slice.get().queries());
        done(slice.get(), List.of(), List.of());
      }
    }

    assertThat(scheduler.isGivenUp("a")).isTrue();
    assertThat(givenUp.get(1L)).containsExactlyInAnyOrder(0, 1, 2, 3);
    assertThat(givenUp.get(2L)).containsExactlyInAnyOrder(10, 11, 12, 13);
    assertThat(answered).containsExactlyInAnyOrder(20, 21, 22, 23);
  }

  @Test
  void toYield_urgentClassWithoutAVerifier_asksALesserClassOnceForEachQuery() {
    scheduler.admit(
        new Order(1, RequestClass.IDLE, "a", List.of(LadderPhase.SEARCH), noDeadline()));
    supply(1, 0, 1);
    var long1 = next().orElseThrow();
    passSeconds(3);
    assertThat(scheduler.toYield()).isEmpty();
    admit(2, RequestClass.GATE, "b");
    supply(2, 0, 1);

    assertThat(scheduler.toYield()).hasValue(long1.ticket());
    scheduler.askedBack(long1.ticket());
    assertThat(scheduler.toYield()).isEmpty();
    done(long1, long1.queries(), List.of());

    assertThat(work(1).request()).isEqualTo(2);
    var again = next().orElseThrow();
    assertThat(again.request()).isEqualTo(1);
    admit(3, RequestClass.GATE, "c");
    supply(3, 0, 1);
    passSeconds(3);
    assertThat(scheduler.toYield()).isEmpty();
  }

  @Test
  void toYield_urgentClassBehindOneOfMoreWeight_waits() {
    admit(1, RequestClass.GATE, "a");
    supply(1, 0, 1);
    assertThat(next()).isPresent();
    admit(2, RequestClass.INCOMING, "b");
    supply(2, 0, 1);
    passSeconds(3);

    assertThat(scheduler.toYield()).isEmpty();
  }

  @Test
  void cancel_whatIsInProgress_endsTheRequestWhenItComesBack() {
    admit(1, RequestClass.INCOMING, "a");
    scheduler.supply(1, range(0, 100));
    var slice = next().orElseThrow();

    scheduler.cancel(1);
    scheduler.supply(1, range(100, 200));

    assertThat(scheduler.inProgress(1)).containsExactly(slice.ticket());
    assertThat(scheduler.complete(1)).isFalse();
    done(slice, slice.queries(), List.of());
    assertThat(scheduler.complete(1)).isTrue();
    assertThat(next()).isEmpty();
  }

  @Test
  void wholeLives_randomStopsBreaksAndPhases_everyQueryEndsExactlyOnce() {
    for (long seed = 0; seed < 60; seed++) {
      new Life(seed).live();
    }
  }

  /** Requests and verifiers that behave as they like. */
  private final class Life {
    private final SplittableRandom random;
    private final CertificationScheduler<Integer> scheduler;
    private final Map<Integer, Integer> ends = new LinkedHashMap<>();
    private final List<Slice<Integer>> working = new ArrayList<>();
    private final long seed;
    private int asked;

    Life(long seed) {
      this.seed = seed;
      this.random = new SplittableRandom(seed);
      this.scheduler =
          new CertificationScheduler<>(new SliceSizes(1 + random.nextInt(8)), 3, () -> now);
    }

    void live() {
      int requests = 1 + random.nextInt(4);
      for (int id = 0; id < requests; id++) {
        RequestClass urgency = List.of(RequestClass.values()).get(random.nextInt(4));
        List<LadderPhase> phases = ALL.subList(random.nextInt(3), 3);
        scheduler.admit(new Order(id, urgency, "model " + id % 2, phases, noDeadline()));
      }
      for (int round = 0; round < 60; round++) {
        int count = random.nextInt(4);
        scheduler.supply(random.nextInt(requests), range(asked, asked + count));
        asked += count;
        act();
      }
      for (int id = 0; id < requests; id++) {
        scheduler.supplied(id);
      }
      while (act()) {
        // Until nothing waits and nobody works.
      }
      for (int id = 0; id < requests; id++) {
        assertThat(scheduler.complete(id)).as("seed %d", seed).isTrue();
      }
      assertThat(ends).as("seed %d", seed).hasSize(asked).doesNotContainValue(2);
    }

    private boolean act() {
      now += random.nextLong(3_000_000_000L);
      scheduler.toYield().ifPresent(scheduler::askedBack);
      scheduler.next(Set.of("model 0"), 2).ifPresent(working::add);
      if (working.isEmpty()) {
        return false;
      }
      Slice<Integer> slice = working.remove(random.nextInt(working.size()));
      if (random.nextInt(12) == 0) {
        scheduler.broke(slice.ticket()).values().forEach(all -> all.forEach(this::end));
        return true;
      }
      List<Integer> undone = new ArrayList<>();
      List<Integer> open = new ArrayList<>();
      for (int query : slice.queries()) {
        switch (random.nextInt(4)) {
          case 0 -> undone.add(query);
          case 1 -> open.add(query);
          default -> end(query);
        }
      }
      scheduler.done(slice.ticket(), undone, open).forEach(this::end);
      return true;
    }

    private void end(int query) {
      ends.merge(query, 1, Integer::sum);
    }
  }

  private void admit(long id, RequestClass urgency, String model) {
    scheduler.admit(new Order(id, urgency, model, ALL, noDeadline()));
  }

  private void supply(long id, int from, int to) {
    scheduler.supply(id, range(from, to));
    scheduler.supplied(id);
  }

  private Optional<Slice<Integer>> next() {
    return scheduler.next(NONE, 1);
  }

  private Slice<Integer> work(double seconds) {
    var slice = next().orElseThrow();
    passSeconds(seconds);
    done(slice, List.of(), List.of());
    return slice;
  }

  private void done(Slice<Integer> slice, List<Integer> undone, List<Integer> open) {
    scheduler.done(slice.ticket(), undone, open);
  }

  private void passSeconds(double seconds) {
    now += (long) (seconds * 1e9);
  }

  private static List<Integer> range(int from, int to) {
    return IntStream.range(from, to).boxed().toList();
  }

  private static OptionalLong noDeadline() {
    return OptionalLong.empty();
  }
}

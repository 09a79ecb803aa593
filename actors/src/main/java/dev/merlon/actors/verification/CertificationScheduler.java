package dev.merlon.actors.verification;

import dev.merlon.actors.verification.RequestQueues.Order;
import dev.merlon.actors.verification.RequestQueues.Part;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Decides which queries a free verifier gets next. The queries of a request go through its phases
 * breadth first: all of them through the quick phase, then what is left through the slow one, then
 * through search, because early bounds decide most and tell most. The class of requests that is
 * furthest behind its share goes first, inside a class the nearest deadline, then the request that
 * used least time; a verifier keeps to models that it holds while that costs fairness little. What
 * breaks a verifier is tried again in halves, until the query that does it is alone. Bookkeeping of
 * one actor; not thread-safe.
 *
 * @param <Q> one query and what is known of it
 */
final class CertificationScheduler<Q> {
  // What fairness waits for a verifier that would have to open another model.
  private static final double AFFINITY_SECONDS = 2;
  // What a class that is behind its share waits for other classes' slices.
  private static final double PATIENCE_SECONDS = 2;

  private final SliceSizes sizes;
  private final int mostDeadly;
  private final LongSupplier nanoTime;
  private final FairShares shares = new FairShares();
  private final Map<Long, RequestQueues<Q>> requests = new LinkedHashMap<>();
  private final Map<Long, InProgress<Q>> inProgress = new LinkedHashMap<>();
  private final Map<String, Integer> deadly = new HashMap<>();
  private long tickets;

  /** A slice that somebody works on. */
  private record InProgress<Q>(
      Slice<Q> slice,
      RequestQueues<Q> request,
      Part<Q> part,
      double estimate,
      long since,
      boolean yielding) {

    InProgress<Q> askedBack() {
      return new InProgress<>(slice, request, part, estimate, since, true);
    }

    boolean mayYield() {
      return !yielding && part.entries().stream().noneMatch(RequestQueues.Entry::preempted);
    }

    /** Whether others would have to wait long for it. */
    boolean isLong(long now) {
      double elapsed = (now - since) / 1e9;
      return Math.max(elapsed, estimate - elapsed) > PATIENCE_SECONDS;
    }
  }

  /**
   * A scheduler without requests.
   *
   * @param mostDeadly after so many queries that break verifiers a model is given up; at least 1
   * @param nanoTime a clock such as {@link System#nanoTime}
   */
  CertificationScheduler(SliceSizes sizes, int mostDeadly, LongSupplier nanoTime) {
    this.sizes = sizes;
    this.mostDeadly = mostDeadly;
    this.nanoTime = nanoTime;
  }

  /** Takes a request, whose queries are still to come. */
  void admit(Order order) {
    requests.put(order.id(), new RequestQueues<>(order));
  }

  /** Takes queries of a request. */
  void supply(long id, List<Q> queries) {
    request(id)
        .ifPresent(
            request -> {
              Set<RequestClass> busy =
                  requests.values().stream()
                      .filter(RequestQueues::busy)
                      .map(RequestQueues::requestClass)
                      .collect(Collectors.toSet());
              if (!busy.contains(request.requestClass())) {
                shares.wake(request.requestClass(), busy);
              }
              request.supply(queries);
            });
  }

  /** No more queries come for a request. */
  void supplied(long id) {
    request(id).ifPresent(RequestQueues::supplied);
  }

  /** How many queries of a request wait for its first phase. */
  int backlog(long id) {
    return request(id).map(RequestQueues::backlog).orElse(0);
  }

  /** Whether a request is to get no verifier for now, such as while its verdicts are not read. */
  void hold(long id, boolean held) {
    request(id).ifPresent(request -> request.hold(held));
  }

  /** Whether all of a request is answered or taken back; true for one that is not known. */
  boolean complete(long id) {
    return request(id).map(RequestQueues::complete).orElse(true);
  }

  /** Forgets what nobody has begun of a request, and what is still to come. */
  void cancel(long id) {
    request(id).ifPresent(RequestQueues::cancel);
  }

  /** The tickets of a request that are worked on. */
  List<Long> inProgress(long id) {
    return inProgress.values().stream()
        .map(InProgress::slice)
        .filter(slice -> slice.request() == id)
        .map(Slice::ticket)
        .toList();
  }

  /** Forgets a request. */
  void forget(long id) {
    requests.remove(id);
  }

  /**
   * The slice that a free verifier is to work on; empty when nothing waits.
   *
   * @param held digests of the models that the verifier has open
   * @param verifiers how many there are, at least 1
   */
  Optional<Slice<Q>> next(Set<String> held, int verifiers) {
    List<RequestQueues<Q>> ready = requests.values().stream().filter(RequestQueues::ready).toList();
    return ready.stream()
        .min(urgency())
        .map(first -> ready.stream().filter(keeps(held, first)).min(urgency()).orElse(first))
        .map(request -> handOut(request, verifiers));
  }

  private Comparator<RequestQueues<Q>> urgency() {
    return Comparator.<RequestQueues<Q>>comparingDouble(
            request -> shares.clock(request.requestClass()))
        .thenComparing(RequestQueues::requestClass)
        .thenComparingLong(request -> request.order().deadline().orElse(Long.MAX_VALUE))
        .thenComparingDouble(RequestQueues::usedSeconds)
        .thenComparingLong(request -> request.order().id());
  }

  /** Whether a request is about a model that is held, and costs the first in line little. */
  private Predicate<RequestQueues<Q>> keeps(Set<String> held, RequestQueues<Q> first) {
    return request ->
        held.contains(request.order().model()) && cost(first, request) <= AFFINITY_SECONDS;
  }

  private double cost(RequestQueues<Q> first, RequestQueues<Q> other) {
    RequestClass ahead = first.requestClass();
    return ahead == other.requestClass()
        ? other.usedSeconds() - first.usedSeconds()
        : (shares.clock(other.requestClass()) - shares.clock(ahead)) * ahead.weight();
  }

  private Slice<Q> handOut(RequestQueues<Q> request, int verifiers) {
    Order order = request.order();
    Part<Q> part = request.take(sizes, verifiers);
    Slice<Q> slice =
        new Slice<>(++tickets, order.id(), order.model(), part.phase(), part.queries());
    double estimate = sizes.estimate(slice);
    charge(request, estimate);
    inProgress.put(
        slice.ticket(),
        new InProgress<>(slice, request, part, estimate, nanoTime.getAsLong(), false));
    return slice;
  }

  /**
   * A verifier gave a slice back.
   *
   * @param undone queries that it was stopped before; they wait again
   * @param open queries that it could not answer; they wait for the next phase
   * @return those of {@code open} that no phase is left for
   */
  List<Q> done(long ticket, List<Q> undone, List<Q> open) {
    return ended(ticket)
        .map(
            ended -> {
              double seconds = seconds(ended);
              if (undone.isEmpty()) {
                sizes.took(ended.slice(), seconds);
              }
              ended.request().putBack(ended.part().phase(), undone, ended.yielding());
              return ended.request().carryOn(ended.part().phase(), open);
            })
        .orElse(List.of());
  }

  /**
   * A verifier broke over a slice, whose queries wait again in halves.
   *
   * @return what is given up, by request: the query that breaks verifiers, and where it is one too
   *     many all that waits for its model
   */
  Map<Long, List<Q>> broke(long ticket) {
    Map<Long, List<Q>> givenUp = new LinkedHashMap<>();
    ended(ticket)
        .ifPresent(
            ended -> {
              List<Q> found = ended.request().suspect(ended.part());
              if (!found.isEmpty()) {
                givenUp.put(ended.slice().request(), found);
                String model = ended.slice().model();
                if (deadly.merge(model, 1, Integer::sum) >= mostDeadly) {
                  withdraw(model)
                      .forEach((id, all) -> givenUp.merge(id, all, CertificationScheduler::both));
                }
              }
            });
    return givenUp;
  }

  /** Whether a model broke verifiers so often that nothing about it is tried any more. */
  boolean isGivenUp(String model) {
    return deadly.getOrDefault(model, 0) >= mostDeadly;
  }

  /** Takes back all that waits for a model, by request. */
  Map<Long, List<Q>> withdraw(String model) {
    return requests.values().stream()
        .filter(request -> request.order().model().equals(model))
        .collect(
            Collectors.toMap(
                request -> request.order().id(),
                RequestQueues::withdraw,
                CertificationScheduler::both,
                LinkedHashMap::new));
  }

  /**
   * The slice that should be given back for others: one of a class of less weight, where no
   * verifier works for a class that has work waiting. A query is asked back once only, so that it
   * ends some day.
   */
  OptionalLong toYield() {
    Optional<RequestClass> starved =
        requests.values().stream()
            .filter(RequestQueues::ready)
            .map(RequestQueues::requestClass)
            .filter(each -> worked().noneMatch(working -> working.requestClass() == each))
            .min(Comparator.comparingDouble(shares::clock));
    long now = nanoTime.getAsLong();
    return starved.stream()
        .flatMap(
            behind ->
                inProgress.values().stream()
                    .filter(each -> each.request().requestClass().weight() < behind.weight())
                    .filter(each -> each.mayYield() && each.isLong(now)))
        .max(Comparator.comparingDouble(each -> shares.clock(each.request().requestClass())))
        .map(each -> OptionalLong.of(each.slice().ticket()))
        .orElse(OptionalLong.empty());
  }

  private Stream<RequestQueues<Q>> worked() {
    return inProgress.values().stream().map(InProgress::request);
  }

  /** Notes that a slice was asked back. */
  void askedBack(long ticket) {
    inProgress.computeIfPresent(ticket, (same, slice) -> slice.askedBack());
  }

  private Optional<InProgress<Q>> ended(long ticket) {
    Optional<InProgress<Q>> ended = Optional.ofNullable(inProgress.remove(ticket));
    ended.ifPresent(
        each -> {
          each.request().ended();
          charge(each.request(), seconds(each) - each.estimate());
        });
    return ended;
  }

  private double seconds(InProgress<Q> ended) {
    return (nanoTime.getAsLong() - ended.since()) / 1e9;
  }

  private void charge(RequestQueues<Q> request, double seconds) {
    request.use(seconds);
    shares.charge(request.requestClass(), seconds);
  }

  private Optional<RequestQueues<Q>> request(long id) {
    return Optional.ofNullable(requests.get(id));
  }

  private static <T> List<T> both(List<T> one, List<T> other) {
    return Stream.concat(one.stream(), other.stream()).toList();
  }
}

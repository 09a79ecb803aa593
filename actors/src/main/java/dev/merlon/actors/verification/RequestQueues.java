package dev.merlon.actors.verification;

import dev.merlon.model.verify.verdict.LadderPhase;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;

/**
 * The queries of one request that nobody works on, each in the phase that it is to be tried in, and
 * what the request used. Used by its scheduler alone.
 *
 * @param <Q> one query and what is known of it
 */
final class RequestQueues<Q> {
  // How many verifiers a query may break that is alone with the last of them.
  private static final int DEADLY = 2;

  private final Order order;
  private final Map<LadderPhase, Deque<Entry<Q>>> waiting = new LinkedHashMap<>();
  private final Deque<Part<Q>> suspects = new ArrayDeque<>();
  private double usedSeconds;
  private int inProgress;
  private boolean supplied;
  private boolean cancelled;
  private boolean held;

  /**
   * What is asked for as a whole.
   *
   * @param id no other request has
   * @param model digest of the model
   * @param phases what is tried, in this order; at least one
   * @param deadline on the scheduler's clock, where there is one
   */
  record Order(
      long id,
      RequestClass requestClass,
      String model,
      List<LadderPhase> phases,
      OptionalLong deadline) {
    Order {
      phases = List.copyOf(phases);
    }
  }

  /**
   * A query on its way.
   *
   * @param breaks how many verifiers broke over slices that it was in
   * @param preempted whether it was given back for others once
   */
  record Entry<Q>(Q query, int breaks, boolean preempted) {
    Entry<Q> broke() {
      return new Entry<>(query, breaks + 1, preempted);
    }
  }

  /** Queries of one phase. */
  record Part<Q>(LadderPhase phase, List<Entry<Q>> entries) {
    List<Q> queries() {
      return entries.stream().map(Entry::query).toList();
    }
  }

  RequestQueues(Order order) {
    this.order = order;
    order.phases().forEach(phase -> waiting.put(phase, new ArrayDeque<>()));
  }

  Order order() {
    return order;
  }

  RequestClass requestClass() {
    return order.requestClass();
  }

  double usedSeconds() {
    return usedSeconds;
  }

  void use(double seconds) {
    usedSeconds += seconds;
  }

  void hold(boolean nothingNow) {
    held = nothingNow;
  }

  /** Whether queries wait and may be handed out. */
  boolean ready() {
    return !held && waits();
  }

  /** Whether queries wait or are worked on. */
  boolean busy() {
    return inProgress > 0 || waits();
  }

  /** Whether nothing will come of it any more. */
  boolean complete() {
    return supplied && !busy();
  }

  private boolean waits() {
    return !suspects.isEmpty() || waiting.values().stream().anyMatch(queue -> !queue.isEmpty());
  }

  /** Takes queries for the first phase. */
  void supply(List<Q> queries) {
    if (!cancelled) {
      queries.forEach(query -> first().add(new Entry<>(query, 0, false)));
    }
  }

  void supplied() {
    supplied = true;
  }

  /** How many queries wait in the first phase. */
  int backlog() {
    return first().size();
  }

  private Deque<Entry<Q>> first() {
    return queue(order.phases().get(0));
  }

  /** What to work on next, which is in progress then: suspects first, then the earliest phase. */
  Part<Q> take(SliceSizes sizes, int verifiers) {
    inProgress++;
    Part<Q> suspect = suspects.poll();
    return suspect != null ? suspect : takeWaiting(sizes, verifiers);
  }

  private Part<Q> takeWaiting(SliceSizes sizes, int verifiers) {
    LadderPhase phase =
        order.phases().stream().filter(each -> !queue(each).isEmpty()).findFirst().orElseThrow();
    Deque<Entry<Q>> queue = queue(phase);
    // The end of a request is shared among all verifiers.
    int share = (queue.size() + verifiers - 1) / verifiers;
    int size = Math.max(1, Math.min(share, sizes.size(order.model(), phase)));
    List<Entry<Q>> entries = new ArrayList<>(size);
    while (entries.size() < size && !queue.isEmpty()) {
      entries.add(queue.remove());
    }
    return new Part<>(phase, entries);
  }

  /** What was taken is not worked on any more. */
  void ended() {
    inProgress--;
  }

  /** Queries that a verifier was stopped before wait again, before the others. */
  void putBack(LadderPhase phase, List<Q> undone, boolean preempted) {
    if (!cancelled) {
      for (int i = undone.size() - 1; i >= 0; i--) {
        queue(phase).addFirst(new Entry<>(undone.get(i), 0, preempted));
      }
    }
  }

  /**
   * Queries that a phase left open wait in the next.
   *
   * @return those that no phase is left for
   */
  List<Q> carryOn(LadderPhase phase, List<Q> open) {
    int next = order.phases().indexOf(phase) + 1;
    if (next == order.phases().size()) {
      return List.copyOf(open);
    }
    if (!cancelled) {
      Deque<Entry<Q>> queue = queue(order.phases().get(next));
      open.forEach(query -> queue.add(new Entry<>(query, 0, false)));
    }
    return List.of();
  }

  /**
   * A verifier broke over these: they are tried again in halves, and one that is alone once more.
   *
   * @return the query that breaks verifiers, if it is found
   */
  List<Q> suspect(Part<Q> part) {
    if (cancelled) {
      return List.of();
    }
    List<Entry<Q>> entries = part.entries().stream().map(Entry::broke).toList();
    if (entries.size() == 1 && entries.get(0).breaks() >= DEADLY) {
      return part.queries();
    }
    int half = entries.size() / 2;
    if (half > 0) {
      suspects.add(new Part<>(part.phase(), entries.subList(0, half)));
    }
    suspects.add(new Part<>(part.phase(), entries.subList(half, entries.size())));
    return List.of();
  }

  /** Takes back all that waits. */
  List<Q> withdraw() {
    List<Q> withdrawn = new ArrayList<>();
    suspects.forEach(part -> withdrawn.addAll(part.queries()));
    suspects.clear();
    for (Deque<Entry<Q>> queue : waiting.values()) {
      queue.forEach(entry -> withdrawn.add(entry.query()));
      queue.clear();
    }
    return withdrawn;
  }

  /** Forgets what waits and all that is still to come. */
  void cancel() {
    cancelled = true;
    supplied = true;
    withdraw();
  }

  private Deque<Entry<Q>> queue(LadderPhase phase) {
    return Objects.requireNonNull(waiting.get(phase));
  }
}

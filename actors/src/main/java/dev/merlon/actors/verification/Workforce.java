package dev.merlon.actors.verification;

import akka.actor.typed.ActorRef;
import akka.actor.typed.DispatcherSelector;
import akka.actor.typed.javadsl.ActorContext;
import dev.merlon.model.verify.Pending;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The workers of a pool: which of them want work and hold which models, and who has which slice.
 * Used by the pool alone.
 */
final class Workforce {
  private static final Duration LONGEST = Duration.ofDays(365);

  private final ActorContext<VerifierPool.Command> pool;
  private final VerificationSettings settings;
  private final Optional<EngineProcesses> processes;
  private final Set<ActorRef<VerifierWorker.Command>> workers = new LinkedHashSet<>();
  private final Map<ActorRef<VerifierWorker.Command>, Set<String>> idle = new LinkedHashMap<>();
  private final Map<Long, Handed> handed = new LinkedHashMap<>();
  private int started;

  /** A slice that a worker has. */
  private record Handed(
      Slice<Pending> slice,
      ActorRef<VerifierWorker.Command> worker,
      AtomicBoolean stop,
      long overdueNanos) {}

  Workforce(
      ActorContext<VerifierPool.Command> pool,
      VerificationSettings settings,
      Optional<EngineProcesses> processes) {
    this.pool = pool;
    this.settings = settings;
    this.processes = processes;
  }

  /** Starts workers until there are as many as there should be. */
  void fill() {
    while (workers.size() < settings.verifiers()) {
      ActorRef<VerifierWorker.Command> worker = spawn("verifier-" + ++started);
      pool.watchWith(worker, new VerifierPool.Gone(worker));
      workers.add(worker);
    }
  }

  private ActorRef<VerifierWorker.Command> spawn(String name) {
    return processes
        .map(from -> pool.spawn(EngineWorker.create(pool.getSelf(), settings, from), name))
        .orElseGet(
            () ->
                pool.spawn(
                    VerifierWorker.create(pool.getSelf(), settings.holding()),
                    name,
                    DispatcherSelector.fromConfig(VerificationSettings.DISPATCHER)));
  }

  int size() {
    return workers.size();
  }

  /** A worker wants work. */
  void ready(ActorRef<VerifierWorker.Command> worker, Set<String> held) {
    if (workers.contains(worker)) {
      idle.put(worker, held);
    }
  }

  /** Those that want work, with the digests of the models that each holds. */
  Map<ActorRef<VerifierWorker.Command>, Set<String>> idle() {
    return Map.copyOf(idle);
  }

  /** Gives a slice to a worker that wants one. */
  void hand(ActorRef<VerifierWorker.Command> worker, Slice<Pending> slice, Request request) {
    idle.remove(worker);
    AtomicBoolean stop = new AtomicBoolean();
    Duration longest = time(slice, request).plus(settings.replyGrace());
    long patience = longest.compareTo(LONGEST) > 0 ? LONGEST.toNanos() : longest.toNanos();
    handed.put(slice.ticket(), new Handed(slice, worker, stop, System.nanoTime() + patience));
    worker.tell(
        new VerifierWorker.Work(
            slice,
            request.model(),
            request.effort().upTo(slice.phase()),
            request.deadline(),
            stop::get));
  }

  private static Duration time(Slice<Pending> slice, Request request) {
    return request.deadline().isPresent()
        ? Duration.ofNanos(Math.max(0, request.deadline().getAsLong() - System.nanoTime()))
        : request.effort().timeout().multipliedBy(slice.queries().size());
  }

  /** A slice came back; empty where it was not out. */
  Optional<Slice<Pending>> returned(long ticket) {
    return Optional.ofNullable(handed.remove(ticket)).map(Handed::slice);
  }

  /** Asks a worker to give a slice back as soon as it looks. */
  void askBack(long ticket) {
    Optional.ofNullable(handed.get(ticket)).ifPresent(slice -> slice.stop().set(true));
  }

  /** The slices that are out longer than their queries may take. */
  List<Slice<Pending>> overdue() {
    long now = System.nanoTime();
    return handed.values().stream()
        .filter(slice -> now - slice.overdueNanos() > 0)
        .map(Handed::slice)
        .toList();
  }

  /** Lets go of the worker that has a slice: it ends whenever its thread comes back. */
  void abandon(long ticket) {
    Optional.ofNullable(handed.remove(ticket))
        .ifPresent(
            slice -> {
              workers.remove(slice.worker());
              pool.stop(slice.worker());
            });
  }

  /**
   * A worker is gone.
   *
   * @return the tickets that it had
   */
  List<Long> gone(ActorRef<VerifierWorker.Command> worker) {
    workers.remove(worker);
    idle.remove(worker);
    return handed.values().stream()
        .filter(slice -> slice.worker().equals(worker))
        .map(slice -> slice.slice().ticket())
        .toList();
  }

  /** Whether no slice is out. */
  boolean rests() {
    return handed.isEmpty();
  }

  /** Stops the workers, which close what they own. */
  void dismiss() {
    idle.clear();
    workers.forEach(pool::stop);
  }
}

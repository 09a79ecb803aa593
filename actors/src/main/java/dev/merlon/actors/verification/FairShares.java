package dev.merlon.actors.verification;

import java.util.Collection;
import java.util.EnumMap;
import java.util.Map;

/**
 * Shares of the verifiers' time among classes of requests, by virtual clocks: a class's clock is
 * the seconds it used divided by its weight, and the class furthest behind goes next (weighted fair
 * queueing, Demers, Keshav and Shenker 1989). A class that had no work starts at the smallest clock
 * of those that have, so that nobody hoards credit and nobody starves.
 */
final class FairShares {
  private final Map<RequestClass, Double> clocks = new EnumMap<>(RequestClass.class);

  /** Seconds used, by weight. */
  double clock(RequestClass of) {
    return clocks.getOrDefault(of, 0.0);
  }

  /** Books seconds that a class used; negative where an estimate was too high. */
  void charge(RequestClass of, double seconds) {
    clocks.merge(of, seconds / of.weight(), Double::sum);
  }

  /**
   * A class has work again.
   *
   * @param busy the classes that have work already
   */
  void wake(RequestClass woken, Collection<RequestClass> busy) {
    busy.stream()
        .filter(other -> other != woken)
        .mapToDouble(this::clock)
        .min()
        .ifPresent(least -> clocks.merge(woken, least, Math::max));
  }
}

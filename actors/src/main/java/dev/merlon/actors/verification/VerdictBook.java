package dev.merlon.actors.verification;

import dev.merlon.model.store.Facts;
import dev.merlon.model.verify.question.Property;
import dev.merlon.model.verify.question.Query;
import dev.merlon.model.verify.verdict.Outcome;
import dev.merlon.model.verify.verdict.Verdict;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.StreamSupport;

/**
 * The queries of one request and what becomes of their verdicts: looked up in the results and among
 * the known facts, or found and then written to both; counted in any case. Owns the facts. Used by
 * one stage of a stream, and by nobody else until the stream has ended.
 *
 * @param <R> what is said at the end
 */
final class VerdictBook<R> implements AutoCloseable {
  private static final int LOOKED_UP_AT_ONCE = 256;

  private final Asked asked;
  private final VerdictLog log;
  private final Facts facts;
  private final Tally<R> tally;
  private final Set<Property> known = new HashSet<>();

  /**
   * What is asked.
   *
   * @param about what all queries are about
   * @param retry verdicts of the results that are no answer
   */
  record Asked(VerdictLog.About about, Iterable<Query> queries, Set<Outcome.Kind> retry) {}

  /**
   * A book without verdicts.
   *
   * @param log where verdicts are written; stays open
   * @param facts what is known beside it; owned
   */
  VerdictBook(Asked asked, VerdictLog log, Facts facts, Tally<R> tally) {
    this.asked = asked;
    this.log = log;
    this.facts = facts;
    this.tally = tally;
  }

  /** Counts what is known already. */
  void begin() {
    List<Verdict> earlier =
        StreamSupport.stream(asked.queries().spliterator(), false)
            .map(query -> log.earlier(asked.about(), query.property()))
            .flatMap(Optional::stream)
            .filter(verdict -> !asked.retry().contains(verdict.kind()))
            .toList();
    earlier.forEach(verdict -> known.add(verdict.property()));
    tally.begin(earlier);
    Iterator<Query> unanswered = unanswered();
    while (unanswered.hasNext()) {
      List<Query> some = new ArrayList<>();
      while (unanswered.hasNext() && some.size() < LOOKED_UP_AT_ONCE) {
        some.add(unanswered.next());
      }
      reuse(facts.known(some));
    }
  }

  private void reuse(List<Verdict> found) {
    if (!found.isEmpty()) {
      log.append(asked.about(), found);
      found.forEach(verdict -> known.add(verdict.property()));
      tally.known(found);
    }
  }

  /** The queries that have no verdict yet. */
  Iterator<Query> open() {
    return tally.enough() ? Collections.emptyIterator() : unanswered();
  }

  private Iterator<Query> unanswered() {
    return StreamSupport.stream(asked.queries().spliterator(), false)
        .filter(query -> !known.contains(query.property()))
        .iterator();
  }

  /** Keeps and counts fresh verdicts. Returns whether to go on. */
  boolean record(List<Verdict> fresh) {
    List<Verdict> counted = facts.record(fresh);
    log.append(asked.about(), counted);
    tally.found(counted);
    return !tally.enough();
  }

  /** What came out, once the stream has ended. */
  R report() {
    return tally.report();
  }

  @Override
  public void close() {
    facts.close();
  }
}

package dev.merlon.model.store;

import dev.merlon.model.norm.Candidate;
import dev.merlon.model.verify.question.Guarantee;
import dev.merlon.model.verify.question.Query;
import dev.merlon.model.verify.question.QueryKey;
import dev.merlon.model.verify.verdict.Counterexample;
import dev.merlon.model.verify.verdict.MarginBounds;
import dev.merlon.model.verify.verdict.Outcome;
import dev.merlon.model.verify.verdict.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** The facts that may answer one query. Points among them count once they are confirmed. */
final class Candidates {
  private final Query query;
  private final List<Fact.Stored> standing;
  private final List<Point> points;
  private final boolean exact;

  private Candidates(Query query, List<Fact.Stored> facts, boolean exact) {
    this.query = query;
    this.exact = exact;
    this.standing = facts.stream().filter(fact -> !needsPoint(fact)).toList();
    this.points =
        facts.stream().filter(Candidates::needsPoint).map(fact -> new Point(query, fact)).toList();
  }

  // What is contradicted is a conflict whether its point is confirmed or not.
  private static boolean needsPoint(Fact.Stored fact) {
    return fact.kind() == Outcome.Kind.FALSIFIED && fact.disputed().isEmpty();
  }

  /**
   * Those among the facts about a query's input and label. A fact about the query itself that is
   * final, but no answer to this asker, is not passed over by implication: it is asked anew.
   */
  static Candidates among(
      List<Fact.Stored> facts, Query query, QueryKey key, FactRules.Asker asker) {
    Implication question = new Implication(key.perturbation(), key.guarantee());
    Optional<Fact.Stored> own = facts.stream().filter(question::isAbout).findFirst();
    if (own.isPresent()) {
      Fact.Stored stored = own.get();
      if (stored.disputed().isPresent() || FactRules.answers(stored.fact(), asker)) {
        return new Candidates(query, List.of(stored), true);
      }
      if (stored.fact().isFinal() && !stored.fact().isWithdrawn()) {
        return new Candidates(query, List.of(), true);
      }
    }
    List<Fact.Stored> stronger =
        facts.stream().filter(fact -> question.follows(fact, asker)).toList();
    return new Candidates(query, stronger, false);
  }

  /** A counterexample that was found before. */
  static final class Point {
    private final Query query;
    private final Fact.Stored fact;
    private Optional<Counterexample> confirmed = Optional.empty();

    Point(Query query, Fact.Stored fact) {
      this.query = query;
      this.fact = fact;
    }

    Query query() {
      return query;
    }

    Candidate candidate() {
      return fact.fact().outcome().counterexample().orElseThrow().witness();
    }

    void confirmed(Optional<Counterexample> found) {
      confirmed = found;
    }
  }

  /** The points that have to be confirmed; those of another length than the input are none. */
  List<Point> points() {
    return points.stream()
        .filter(point -> point.candidate().point().length == query.x().length)
        .toList();
  }

  /** What they answer, if anything. */
  Optional<Verdict> verdict(Guarantee guarantee) {
    List<Fact.Stored> usable = new ArrayList<>(standing);
    points.stream()
        .filter(point -> point.confirmed.isPresent())
        .forEach(point -> usable.add(refuted(point)));
    if (usable.isEmpty()) {
      return Optional.empty();
    }
    Fact.Stored first = usable.get(0);
    Optional<String> contradiction =
        first
            .disputed()
            .or(
                () ->
                    usable.stream()
                        .filter(other -> other.kind() != first.kind())
                        .findFirst()
                        .map(other -> contradiction(first, other)));
    Outcome outcome = contradiction.map(detail -> conflict(first, detail)).orElse(said(first));
    return Optional.of(
        new Verdict(
            query.property(),
            OptionalInt.of(first.fact().predicted()),
            outcome,
            contradiction.isEmpty() ? margins(first) : Optional.empty(),
            guarantee,
            first.fact().millis()));
  }

  // Bounds hold for what lies within the set that they are about, not for a set around it, which is
  // what a counterexample answers for.
  private Optional<MarginBounds> margins(Fact.Stored fact) {
    boolean about = exact || fact.kind() == Outcome.Kind.CERTIFIED;
    return about ? fact.fact().margins() : Optional.empty();
  }

  private Outcome said(Fact.Stored fact) {
    return exact
        ? fact.fact().outcome()
        : new Outcome.Implied(fact.fact().outcome(), question(fact));
  }

  private static Outcome conflict(Fact.Stored fact, String detail) {
    Outcome outcome = fact.fact().outcome();
    return new Outcome.Conflict(outcome.rung(), detail, outcome.counterexample());
  }

  private static String contradiction(Fact.Stored one, Fact.Stored other) {
    return question(one)
        + ": "
        + one.fact().words()
        + ", but "
        + question(other)
        + ": "
        + other.fact().words();
  }

  private static String question(Fact.Stored fact) {
    return Implication.words(fact.perturbation()) + ", " + fact.guarantee().word();
  }

  /** The fact with the point as it was confirmed just now. */
  private static Fact.Stored refuted(Point point) {
    Fact fact = point.fact.fact();
    Outcome again = new Outcome.Falsified(fact.outcome().rung(), point.confirmed.orElseThrow());
    return new Fact.Stored(
        point.fact.id(),
        point.fact.perturbation(),
        point.fact.guarantee(),
        new Fact(again, fact.predicted(), fact.margins(), fact.source(), fact.millis()),
        point.fact.disputed());
  }
}

package dev.merlon.model.verify;

import dev.merlon.model.norm.Candidate;
import dev.merlon.model.verify.ladder.Clock;
import dev.merlon.model.verify.runtime.Confirmation;
import dev.merlon.model.verify.verdict.Outcome;
import dev.merlon.model.verify.verdict.Rung;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Ends queries for which a search towards one of the classes that no bound has excluded finds a
 * counterexample. It stands before branch and bound and after the bounds that cost about as much: a
 * counterexample found here saves a search that could only end with it. Rounds of 1, 2, 4, ...
 * starts for each class, while a share of the query's time lasts.
 */
final class TargetedAttackStep implements SingleStep {
  // Together 63 starts for each class.
  private static final int ROUNDS = 6;
  // Of a query's time that was left; the next round takes as long as all before it.
  private static final double SHARE = 0.1;
  // Where there are hundreds of classes, those that stand closest.
  private static final int MOST_CLASSES = 10;

  private final PgdSearch search;
  private final Confirmation confirmation;
  private final Clock clock;
  private final int rows;
  private final int classes;

  /**
   * The rung of one model.
   *
   * @param rows samples that one computation may have
   * @param classes of the model
   */
  TargetedAttackStep(
      PgdSearch search, Confirmation confirmation, Clock clock, int rows, int classes) {
    this.search = search;
    this.confirmation = confirmation;
    this.clock = clock;
    this.rows = rows;
    this.classes = classes;
  }

  @Override
  public Rung rung() {
    return Rung.TARGETED_PGD;
  }

  @Override
  public void answer(OpenQuery open) {
    Clock.Deadline deadline = clock.deadline(open);
    int[] others = closest(open);
    for (int round = 1; round <= ROUNDS && others.length > 0 && open.open(); round++) {
      search(open, others, round);
      if (2 * deadline.share() > SHARE) {
        return;
      }
    }
  }

  private void search(OpenQuery open, int[] others, int round) {
    List<Candidate> candidates =
        search.against(open.query(), others, new PgdSearch.Round(round, 1 << (round - 1), rows));
    confirmation.of(Collections.nCopies(candidates.size(), open.query()), candidates).stream()
        .flatMap(Optional::stream)
        .findFirst()
        .ifPresent(found -> open.end(new Outcome.Falsified(Rung.TARGETED_PGD, found)));
  }

  private int[] closest(OpenQuery open) {
    double[] bounds = open.bounds(classes);
    return IntStream.of(open.unproved(classes))
        .boxed()
        .sorted(Comparator.comparingDouble(other -> bounds[other]))
        .limit(MOST_CLASSES)
        .mapToInt(Integer::intValue)
        .toArray();
  }
}

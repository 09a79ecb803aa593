package dev.merlon.model.verify;

import dev.merlon.model.norm.Candidate;
import dev.merlon.model.verify.branch.BranchAndBound;
import dev.merlon.model.verify.question.Query;
import dev.merlon.model.verify.runtime.Confirmation;
import dev.merlon.model.verify.verdict.Counterexample;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Looks for a counterexample of one query where branch and bound finds relaxed margins smallest: at
 * these points themselves, and, within a share of the time, by gradient descent from them.
 */
final class CounterexampleProbe implements BranchAndBound.Probe {
  // Of the time since it began.
  private static final double SHARE = 0.2;

  private final Query query;
  private final PgdSearch search;
  private final Confirmation confirmation;
  private final LongSupplier nanoTime;
  private final long start;
  private long spent;
  private Optional<Counterexample> found = Optional.empty();

  CounterexampleProbe(
      Query query, PgdSearch search, Confirmation confirmation, LongSupplier nanoTime) {
    this.query = query;
    this.search = search;
    this.confirmation = confirmation;
    this.nanoTime = nanoTime;
    this.start = nanoTime.getAsLong();
  }

  /** What was found. */
  Optional<Counterexample> found() {
    return found;
  }

  @Override
  public boolean finds(List<double[]> points) {
    List<Candidate> candidates = points.stream().map(CounterexampleProbe::narrowed).toList();
    if (confirms(candidates)) {
      return true;
    }
    long now = nanoTime.getAsLong();
    if (spent > SHARE * (now - start)) {
      return false;
    }
    boolean refuted =
        confirms(search.from(query, candidates.stream().map(Candidate::point).toList()));
    spent += nanoTime.getAsLong() - now;
    return refuted;
  }

  private boolean confirms(List<Candidate> candidates) {
    List<Query> asked = new ArrayList<>(Collections.nCopies(candidates.size(), query));
    Optional<Counterexample> fresh =
        confirmation.of(asked, candidates).stream().flatMap(Optional::stream).findFirst();
    found = found.or(() -> fresh);
    return fresh.isPresent();
  }

  private static Candidate narrowed(double[] point) {
    float[] narrow = new float[point.length];
    for (int i = 0; i < narrow.length; i++) {
      narrow[i] = (float) point[i];
    }
    return Candidate.at(narrow);
  }
}

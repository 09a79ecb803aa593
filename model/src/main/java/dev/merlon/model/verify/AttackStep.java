package dev.merlon.model.verify;

import dev.merlon.model.norm.Candidate;
import dev.merlon.model.norm.PerturbationSet;
import dev.merlon.model.verify.question.Query;
import dev.merlon.model.verify.question.Question;
import dev.merlon.model.verify.runtime.Confirmation;
import dev.merlon.model.verify.verdict.Counterexample;
import dev.merlon.model.verify.verdict.Outcome;
import dev.merlon.model.verify.verdict.Rung;
import java.util.List;
import java.util.Optional;

/** Ends queries for which a search finds a candidate that is confirmed as a counterexample. */
final class AttackStep implements RungStep {
  private final Search search;
  private final Confirmation confirmation;
  private final int batch;
  private final boolean crossCheck;

  AttackStep(Search search, Confirmation confirmation, int batch, boolean crossCheck) {
    this.search = search;
    this.confirmation = confirmation;
    this.batch = batch;
    this.crossCheck = crossCheck;
  }

  /** A search for counterexamples. */
  @FunctionalInterface
  interface Search {
    /** One candidate per query; it need not lie in the set nor be a counterexample. */
    List<Candidate> candidates(List<Query> queries, PerturbationSet set);
  }

  @Override
  public Rung rung() {
    return Rung.PGD;
  }

  @Override
  public int batch() {
    return batch;
  }

  @Override
  public boolean concerns(OpenQuery query) {
    return query.open() || (crossCheck && query.certifiedBy().isPresent());
  }

  @Override
  public void answer(List<OpenQuery> queries, Question question) {
    List<Query> asked = queries.stream().map(OpenQuery::query).toList();
    List<Optional<Counterexample>> found =
        confirmation.of(asked, search.candidates(asked, question.set()));
    for (int n = 0; n < queries.size(); n++) {
      OpenQuery open = queries.get(n);
      found.get(n).ifPresent(point -> end(open, point));
    }
  }

  private static void end(OpenQuery open, Counterexample found) {
    Outcome outcome =
        open.certifiedBy()
            .<Outcome>map(rung -> conflict(rung, found))
            .orElseGet(() -> new Outcome.Falsified(Rung.PGD, found));
    open.end(outcome);
  }

  private static Outcome conflict(Rung rung, Counterexample found) {
    String reason = "certified by " + rung.word() + " but refuted by " + Rung.PGD.word();
    return new Outcome.Conflict(rung, reason, Optional.of(found));
  }
}

package dev.merlon.model.store;

import dev.merlon.model.norm.Candidate;
import dev.merlon.model.norm.LInf;
import dev.merlon.model.norm.NormBall;
import dev.merlon.model.onnx.ModelUse;
import dev.merlon.model.verify.question.Guarantee;
import dev.merlon.model.verify.question.ModelKey;
import dev.merlon.model.verify.question.Query;
import dev.merlon.model.verify.question.Question;
import dev.merlon.model.verify.verdict.Counterexample;
import dev.merlon.model.verify.verdict.MarginBounds;
import dev.merlon.model.verify.verdict.Outcome;
import dev.merlon.model.verify.verdict.Rung;
import dev.merlon.model.verify.verdict.Verdict;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** Questions, verdicts and askers of the store's tests. */
final class StoreExamples {
  static final Prover MERLON = Prover.of("1.0");
  static final ModelKey MODEL = new ModelKey("ab".repeat(32), ModelUse.PLAIN);
  static final List<Rung> EVERY = Arrays.asList(Rung.values());
  static final SearchEffort WHOLE = effort(EVERY, 0, 1000);

  private StoreExamples() {}

  static SearchEffort effort(List<Rung> rungs, long seed, long millis) {
    return new SearchEffort(rungs, "quick", seed, millis);
  }

  static Query query(float x, double eps, boolean clip) {
    return Query.of((int) x, new float[] {x, 1}, 0, real(new NormBall(new LInf(), eps, clip)));
  }

  static Question real(NormBall set) {
    return new Question(set, Guarantee.REAL);
  }

  static Query query(float x) {
    return query(x, 0.1, true);
  }

  static Verdict verdict(Query query, Outcome outcome) {
    Optional<MarginBounds> margins =
        outcome instanceof Outcome.Certified proof
            ? Optional.of(proof.margins())
            : Optional.empty();
    return new Verdict(query.property(), OptionalInt.of(0), outcome, margins, Guarantee.REAL, 12.5);
  }

  static Outcome certified(Rung rung) {
    return new Outcome.Certified(rung, MarginBounds.of(0, 0, 0.25));
  }

  static Outcome falsified(Rung rung, float at) {
    return new Outcome.Falsified(rung, Counterexample.at(at, 1).seenAs(1));
  }

  static Outcome unknown() {
    return new Outcome.Unknown(Rung.CROWN, "nothing left");
  }

  static Outcome timeout() {
    return new Outcome.Timeout(Rung.CROWN, Optional.of("time is up"));
  }

  /** What is known to somebody who asks about {@link #MODEL}. */
  static Facts facts(CertificateStore store, SearchEffort effort, Confirmer confirmer) {
    return store.about(new StoredFacts.Subject(MODEL, "net.onnx"), effort, Set.of(), confirmer);
  }

  static Facts facts(CertificateStore store, SearchEffort effort) {
    return facts(store, effort, new Trusting());
  }

  /** Asks one query and, where it is not known, records this outcome. */
  static Verdict ask(Facts facts, Query query, Outcome otherwise) {
    List<Verdict> known = facts.known(List.of(query));
    return known.isEmpty() ? facts.record(List.of(verdict(query, otherwise))).get(0) : known.get(0);
  }

  /** Confirms every point whose first value is not negative, and remembers what it was asked. */
  static final class Trusting implements Confirmer {
    final List<Candidate> asked = new ArrayList<>();
    boolean closed;

    @Override
    public List<Optional<Counterexample>> of(List<Query> queries, List<Candidate> points) {
      asked.addAll(points);
      return points.stream()
          .map(
              point ->
                  point.point()[0] >= 0
                      ? Optional.of(Counterexample.at(point).seenAs(1))
                      : Optional.<Counterexample>empty())
          .toList();
    }

    @Override
    public void close() {
      closed = true;
    }
  }
}

package dev.merlon.model.store;

import dev.merlon.model.verify.question.ModelKey;
import dev.merlon.model.verify.question.Property;
import dev.merlon.model.verify.question.Query;
import dev.merlon.model.verify.question.QueryKey;
import dev.merlon.model.verify.verdict.Counterexample;
import dev.merlon.model.verify.verdict.Outcome;
import dev.merlon.model.verify.verdict.Verdict;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a store knows about one model. Owns its confirmer. */
final class StoredFacts implements Facts {
  private static final int CONFIRMED_AT_ONCE = 64;

  private final CertificateStore store;
  private final Subject subject;
  private final FactRules.Asker asker;
  private final Confirmer confirmer;
  private final Map<Property, QueryKey> open = new HashMap<>();

  /** What is asked about. */
  record Subject(ModelKey model, String name) {}

  StoredFacts(CertificateStore store, Subject subject, FactRules.Asker asker, Confirmer confirmer) {
    this.store = store;
    this.subject = subject;
    this.asker = asker;
    this.confirmer = confirmer;
  }

  @Override
  public synchronized List<Verdict> known(List<Query> queries) {
    List<QueryKey> keys =
        queries.stream().map(query -> QueryKey.of(subject.model(), query)).toList();
    List<Candidates> all = new ArrayList<>();
    List<List<Fact.Stored>> facts = store.read(keys);
    for (int n = 0; n < queries.size(); n++) {
      all.add(Candidates.among(facts.get(n), queries.get(n), keys.get(n), asker));
    }
    confirm(all);
    List<Verdict> known = new ArrayList<>();
    for (int n = 0; n < queries.size(); n++) {
      QueryKey key = keys.get(n);
      Property property = queries.get(n).property();
      all.get(n)
          .verdict(queries.get(n).guarantee())
          .ifPresentOrElse(known::add, () -> open.put(property, key));
    }
    return known;
  }

  private void confirm(List<Candidates> all) {
    List<Candidates.Point> points = all.stream().flatMap(each -> each.points().stream()).toList();
    for (int start = 0; start < points.size(); start += CONFIRMED_AT_ONCE) {
      List<Candidates.Point> some =
          points.subList(start, Math.min(points.size(), start + CONFIRMED_AT_ONCE));
      List<Optional<Counterexample>> found =
          confirmer.of(
              some.stream().map(Candidates.Point::query).toList(),
              some.stream().map(Candidates.Point::candidate).toList());
      for (int i = 0; i < some.size(); i++) {
        some.get(i).confirmed(found.get(i));
      }
    }
  }

  @Override
  public synchronized List<Verdict> record(List<Verdict> fresh) {
    List<FactWriter.Entry> entries = new ArrayList<>();
    List<Integer> places = new ArrayList<>();
    for (int n = 0; n < fresh.size(); n++) {
      Verdict verdict = fresh.get(n);
      QueryKey key =
          Optional.ofNullable(open.remove(verdict.property()))
              .orElseThrow(() -> new IllegalStateException("not asked: " + verdict.property()));
      if (isFact(verdict)) {
        entries.add(new FactWriter.Entry(key, subject.name(), fact(verdict)));
        places.add(n);
      }
    }
    List<Optional<String>> contradictions = store.writer().write(entries);
    List<Verdict> counted = new ArrayList<>(fresh);
    for (int i = 0; i < places.size(); i++) {
      int place = places.get(i);
      contradictions
          .get(i)
          .ifPresent(detail -> counted.set(place, conflict(fresh.get(place), detail)));
    }
    return counted;
  }

  // What could not be worked on, or broke, may succeed the next time; a conflict of the verifier's
  // own is an alarm and no answer.
  private static boolean isFact(Verdict verdict) {
    return verdict.failure().isEmpty()
        && verdict.kind() != Outcome.Kind.CONFLICT
        && !(verdict.outcome() instanceof Outcome.Implied);
  }

  private Fact fact(Verdict verdict) {
    Fact.Source source = new Fact.Source(asker.effort(), asker.prover(), true, store.now());
    return new Fact(
        verdict.outcome(),
        verdict.predicted().orElseThrow(),
        verdict.margins(),
        source,
        verdict.millis());
  }

  private static Verdict conflict(Verdict fresh, String detail) {
    return new Verdict(
        fresh.property(),
        fresh.predicted(),
        new Outcome.Conflict(fresh.outcome().rung(), detail, fresh.outcome().counterexample()),
        fresh.margins(),
        fresh.guarantee(),
        fresh.millis());
  }

  @Override
  public void close() {
    confirmer.close();
  }
}

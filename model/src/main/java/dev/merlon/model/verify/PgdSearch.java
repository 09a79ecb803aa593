package dev.merlon.model.verify;

import ai.djl.ndarray.NDArray;
import dev.merlon.config.attack.AttackMethod;
import dev.merlon.config.attack.AttackSettings;
import dev.merlon.config.attack.AttackStrength;
import dev.merlon.config.attack.EvaluationAttack;
import dev.merlon.model.attack.AttackResult;
import dev.merlon.model.attack.AttackSubject;
import dev.merlon.model.attack.EvaluationSearch;
import dev.merlon.model.attack.Pgd;
import dev.merlon.model.attack.StartPoints;
import dev.merlon.model.norm.Candidate;
import dev.merlon.model.norm.PerturbationSet;
import dev.merlon.model.tensor.CounterRandom;
import dev.merlon.model.tensor.HostTensor;
import dev.merlon.model.tensor.RowGroups;
import dev.merlon.model.tensor.Scope;
import dev.merlon.model.verify.question.Inputs;
import dev.merlon.model.verify.question.Query;
import dev.merlon.model.verify.question.QueryDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * Searches counterexamples by projected gradient descent, or by the attack of an effort, in
 * float32, the arithmetic of the deployed model. A query's start points depend on the seed and on
 * its digest alone, so that it does not matter which queries share a batch.
 */
final class PgdSearch implements AttackStep.Search {
  // One start at a time: how many there are is the caller's.
  private static final AttackSettings TARGETED = AttackStrength.STANDARD.settings().once();

  private final OpenModel model;
  private final EvaluationAttack attack;
  private final long seed;

  PgdSearch(OpenModel model, EvaluationAttack attack, long seed) {
    this.model = model;
    this.attack = attack;
    this.seed = seed;
  }

  @Override
  public List<Candidate> candidates(List<Query> asked, PerturbationSet set) {
    CounterRandom.Role role = starts(attack.method());
    StartPoints own =
        StartPoints.each(
            asked.stream().map(query -> CounterRandom.of(seed, digest(query), role, 0)).toList());
    int[] batch = own.batch(IntStream.range(0, asked.size()).toArray());
    StartPoints starts = own.of(batch);
    List<Query> queries = Arrays.stream(batch).mapToObj(asked::get).toList();
    int[] labels = queries.stream().mapToInt(Query::label).toArray();
    float[] inputs = Inputs.concatenate(queries.stream().map(Query::x).toList());
    try (Scope search = model.scope().child("attack")) {
      NDArray x = Inputs.tensor(search, model.narrow(), inputs, queries.size());
      AttackSubject subject = new AttackSubject(model.narrow(), x, search.labels(labels), set);
      AttackResult found = EvaluationSearch.run(attack, subject, starts, search);
      return split(found, queries.size()).subList(0, asked.size());
    }
  }

  /**
   * One candidate for each start, searched from there.
   *
   * @param given flat; they need not lie in the query's set
   */
  List<Candidate> from(Query query, List<float[]> given) {
    List<float[]> starts =
        Arrays.stream(RowGroups.filled(IntStream.range(0, given.size()).toArray()))
            .mapToObj(given::get)
            .toList();
    int[] labels = new int[starts.size()];
    Arrays.fill(labels, query.label());
    float[] inputs = Inputs.concatenate(Collections.nCopies(starts.size(), query.x()));
    try (Scope work = model.scope().child("attack")) {
      NDArray x = Inputs.tensor(work, model.narrow(), inputs, starts.size());
      NDArray from = Inputs.tensor(work, model.narrow(), Inputs.concatenate(starts), starts.size());
      AttackResult found =
          Pgd.searchFrom(
              from, model.narrow(), x, work.labels(labels), query.set(), attack.settings(), work);
      return split(found, starts.size()).subList(0, given.size());
    }
  }

  /**
   * A round of targeted searches.
   *
   * @param number keys the start points, at least 1; 0 is {@link #candidates}' own
   * @param starts for each class
   * @param rows samples that one computation may have
   */
  record Round(int number, int starts, int rows) {}

  /** The best candidate against each of these classes, searched from several random starts. */
  List<Candidate> against(Query query, int[] others, Round round) {
    int[] targets = new int[others.length * round.starts()];
    Arrays.setAll(targets, row -> others[row / round.starts()]);
    Map<Integer, RandomGenerator> randoms = new HashMap<>();
    String digest = digest(query);
    for (int other : others) {
      randoms.put(
          other,
          CounterRandom.of(seed, digest, CounterRandom.Role.EVALUATION, round.number(), other));
    }
    Targeted all = new Targeted(new ArrayList<>(), new ArrayList<>());
    for (int from = 0; from < targets.length; from += round.rows()) {
      int to = Math.min(targets.length, from + round.rows());
      all.add(against(query, Arrays.copyOfRange(targets, from, to), randoms));
    }
    return IntStream.range(0, others.length)
        .map(other -> all.highest(other * round.starts(), round.starts()))
        .mapToObj(all.points()::get)
        .toList();
  }

  /** Points, and how far their targets are ahead there. */
  private record Targeted(List<Candidate> points, List<Float> ahead) {
    void add(Targeted more) {
      points.addAll(more.points);
      ahead.addAll(more.ahead);
    }

    int highest(int start, int count) {
      int best = start;
      for (int i = start + 1; i < start + count; i++) {
        best = ahead.get(i) > ahead.get(best) ? i : best;
      }
      return best;
    }
  }

  private Targeted against(Query query, int[] asked, Map<Integer, RandomGenerator> randoms) {
    StartPoints own = StartPoints.each(Arrays.stream(asked).mapToObj(randoms::get).toList());
    int[] batch = own.batch(IntStream.range(0, asked.length).toArray());
    StartPoints starts = own.of(batch);
    int[] targets = Arrays.stream(batch).map(row -> asked[row]).toArray();
    int[] labels = new int[targets.length];
    Arrays.fill(labels, query.label());
    float[] inputs = Inputs.concatenate(Collections.nCopies(targets.length, query.x()));
    try (Scope work = model.scope().child("attack")) {
      NDArray x = Inputs.tensor(work, model.narrow(), inputs, targets.length);
      AttackResult found =
          Pgd.searchTargets(
              work.labels(targets),
              model.narrow(),
              x,
              work.labels(labels),
              query.set(),
              TARGETED,
              starts,
              work);
      List<Float> ahead = new ArrayList<>(targets.length);
      for (float loss : HostTensor.copyOf(found.losses()).toFloats()) {
        ahead.add(loss);
      }
      return new Targeted(
          split(found, targets.length).subList(0, asked.length), ahead.subList(0, asked.length));
    }
  }

  private String digest(Query query) {
    return QueryDigest.of(model.key(), query);
  }

  private static CounterRandom.Role starts(AttackMethod method) {
    return switch (method) {
      case PGD -> CounterRandom.Role.EVALUATION;
      case APGD, APGD_TARGETED -> CounterRandom.Role.ADAPTIVE_ATTACK;
    };
  }

  private static List<Candidate> split(AttackResult found, int count) {
    float[] points = HostTensor.copyOf(found.points()).toFloats();
    double[] parameters =
        found.parameters().map(each -> HostTensor.copyOf(each).toDoubles()).orElse(new double[0]);
    int length = points.length / count;
    int named = parameters.length / count;
    List<Candidate> rows = new ArrayList<>(count);
    for (int n = 0; n < count; n++) {
      rows.add(
          Candidate.of(
              Arrays.copyOfRange(points, n * length, (n + 1) * length),
              Arrays.copyOfRange(parameters, n * named, (n + 1) * named)));
    }
    return rows;
  }
}

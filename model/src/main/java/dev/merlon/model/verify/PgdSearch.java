package dev.merlon.model.verify;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import dev.merlon.config.AttackMethod;
import dev.merlon.config.AttackSettings;
import dev.merlon.config.AttackStrength;
import dev.merlon.config.EvaluationAttack;
import dev.merlon.model.attack.AttackResult;
import dev.merlon.model.attack.AttackSubject;
import dev.merlon.model.attack.EvaluationSearch;
import dev.merlon.model.attack.Pgd;
import dev.merlon.model.attack.StartPoints;
import dev.merlon.model.network.LiveNetwork;
import dev.merlon.model.network.Network;
import dev.merlon.model.network.ParameterValues;
import dev.merlon.model.norm.Candidate;
import dev.merlon.model.norm.PerturbationSet;
import dev.merlon.model.tensor.CounterRandom;
import dev.merlon.model.tensor.HostTensor;
import dev.merlon.model.tensor.Scope;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * Searches counterexamples by projected gradient descent, or by the attack of the settings, in
 * float32, the arithmetic of the deployed model. Start points depend on the seed and on which
 * queries share the batch, and on nothing else. The network's tensors are made on first use, in the
 * verifier's scope.
 */
final class PgdSearch implements AttackStep.Search {
  // One start at a time: how many there are is the caller's.
  private static final AttackSettings TARGETED = AttackStrength.STANDARD.settings().once();

  private final Network network;
  private final ParameterValues values;
  private final EvaluationAttack attack;
  private final long seed;
  private final Scope scope;
  private Optional<LiveNetwork> live = Optional.empty();

  PgdSearch(
      Network network, ParameterValues values, EvaluationAttack attack, long seed, Scope scope) {
    this.network = network;
    this.values = values;
    this.attack = attack;
    this.seed = seed;
    this.scope = scope;
  }

  @Override
  public List<Candidate> candidates(List<Query> queries, PerturbationSet set) {
    LiveNetwork narrow = narrow();
    int[] labels = queries.stream().mapToInt(Query::label).toArray();
    float[] inputs = Inputs.concatenate(queries.stream().map(Query::x).toList());
    RandomGenerator random =
        CounterRandom.of(seed, 0, queries.get(0).index(), starts(attack.method()));
    try (Scope search = scope.child("attack")) {
      NDArray x = Inputs.tensor(search, narrow, inputs, queries.size());
      AttackSubject subject = new AttackSubject(narrow, x, search.labels(labels), set);
      AttackResult found =
          EvaluationSearch.run(attack, subject, StartPoints.shared(random), search);
      return split(HostTensor.copyOf(found.points()).toFloats(), queries.size());
    }
  }

  /**
   * One candidate for each start, searched from there.
   *
   * @param starts flat; they need not lie in the query's set
   */
  List<Candidate> from(Query query, List<float[]> starts) {
    LiveNetwork narrow = narrow();
    int[] labels = new int[starts.size()];
    Arrays.fill(labels, query.label());
    float[] inputs = Inputs.concatenate(Collections.nCopies(starts.size(), query.x()));
    try (Scope work = scope.child("attack")) {
      NDArray x = Inputs.tensor(work, narrow, inputs, starts.size());
      NDArray from = Inputs.tensor(work, narrow, Inputs.concatenate(starts), starts.size());
      AttackResult found =
          Pgd.searchFrom(
              from, narrow, x, work.labels(labels), query.set(), attack.settings(), work);
      return split(HostTensor.copyOf(found.points()).toFloats(), starts.size());
    }
  }

  /**
   * The best candidate against each of these classes, searched from several random starts.
   *
   * @param starts for each class
   * @param round keys the start points; 0 is {@link #candidates}' own
   */
  List<Candidate> against(Query query, int[] others, int starts, int round) {
    LiveNetwork narrow = narrow();
    int rows = others.length * starts;
    int[] labels = new int[rows];
    Arrays.fill(labels, query.label());
    int[] targets = new int[rows];
    Arrays.setAll(targets, row -> others[row / starts]);
    float[] inputs = Inputs.concatenate(Collections.nCopies(rows, query.x()));
    RandomGenerator random =
        CounterRandom.of(seed, round, query.index(), CounterRandom.Role.EVALUATION);
    try (Scope work = scope.child("attack")) {
      NDArray x = Inputs.tensor(work, narrow, inputs, rows);
      AttackResult found =
          Pgd.searchTargets(
              work.labels(targets),
              narrow,
              x,
              work.labels(labels),
              query.set(),
              TARGETED,
              StartPoints.shared(random),
              work);
      List<Candidate> points = split(HostTensor.copyOf(found.points()).toFloats(), rows);
      float[] ahead = HostTensor.copyOf(found.losses()).toFloats();
      return IntStream.range(0, others.length)
          .map(other -> highest(ahead, other * starts, starts))
          .mapToObj(points::get)
          .toList();
    }
  }

  private static int highest(float[] values, int start, int count) {
    int best = start;
    for (int i = start + 1; i < start + count; i++) {
      best = values[i] > values[best] ? i : best;
    }
    return best;
  }

  private static CounterRandom.Role starts(AttackMethod method) {
    return switch (method) {
      case PGD -> CounterRandom.Role.EVALUATION;
      case APGD, APGD_TARGETED -> CounterRandom.Role.ADAPTIVE_ATTACK;
    };
  }

  private LiveNetwork narrow() {
    LiveNetwork made =
        live.orElseGet(() -> LiveNetwork.evaluation(network, values, DataType.FLOAT32, scope));
    live = Optional.of(made);
    return made;
  }

  private static List<Candidate> split(float[] points, int count) {
    int length = points.length / count;
    List<Candidate> rows = new ArrayList<>(count);
    for (int n = 0; n < count; n++) {
      rows.add(Candidate.at(Arrays.copyOfRange(points, n * length, (n + 1) * length)));
    }
    return rows;
  }
}

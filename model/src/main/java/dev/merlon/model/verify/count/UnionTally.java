package dev.merlon.model.verify.count;

import dev.merlon.model.norm.PerturbationSet;
import dev.merlon.model.verify.verdict.Outcome;
import dev.merlon.model.verify.verdict.Rung;
import dev.merlon.model.verify.verdict.Verdict;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Counts verdicts as they come, per threat and for the union of all threats: an input counts for
 * the union only if it is proved for every threat. Verdicts may come in any order; one that comes
 * again replaces the former. Not thread-safe.
 */
public final class UnionTally {
  private final Set<PerturbationSet> threats;
  private final int inputs;
  private final boolean attacked;
  private final Map<Integer, Map<PerturbationSet, Answer>> byInput = new HashMap<>();

  /**
   * What is kept of a verdict.
   *
   * @param withstood whether an attack ran and found nothing
   * @param rung the rung that decided now; empty where none did, or it was known before
   * @param failure why the query could not be worked on
   */
  private record Answer(
      Outcome.Kind kind,
      Optional<Rung> rung,
      boolean correct,
      boolean withstood,
      Optional<String> failure) {
    static Answer of(Verdict verdict, boolean fresh) {
      return new Answer(
          verdict.kind(),
          Optional.of(verdict.outcome().rung()).filter(rung -> fresh && !verdict.undecided()),
          verdict.correct(),
          verdict.withstood(),
          verdict.failure());
    }

    boolean certified() {
      return kind == Outcome.Kind.CERTIFIED;
    }

    /** No answer was found, so that a longer search might prove the property. */
    boolean undecided() {
      return kind == Outcome.Kind.UNKNOWN || kind == Outcome.Kind.TIMEOUT;
    }

    /** Known to have another class, at the input or near it. */
    boolean lost() {
      return !withstood && !undecided();
    }
  }

  /**
   * An empty tally.
   *
   * @param threats the sets that each input is asked about, at least one
   * @param inputs number of inputs that are asked about, at least 1
   * @param attacked whether a search for counterexamples is among the rungs
   */
  public UnionTally(Collection<PerturbationSet> threats, int inputs, boolean attacked) {
    if (threats.isEmpty() || inputs < 1) {
      throw new IllegalArgumentException("a tally needs threats and inputs");
    }
    this.threats = new LinkedHashSet<>(threats);
    this.inputs = inputs;
    this.attacked = attacked;
  }

  /** Counts a verdict. @throws IllegalArgumentException when it is about none of the threats */
  public void add(Verdict verdict) {
    add(verdict, true);
  }

  /** The same for a verdict that was known before, and that no rung decided now. */
  public void addKnown(Verdict verdict) {
    add(verdict, false);
  }

  private void add(Verdict verdict, boolean fresh) {
    PerturbationSet set = verdict.property().set();
    if (!threats.contains(set)) {
      throw new IllegalArgumentException("a verdict about " + set + ", not one of " + threats);
    }
    byInput
        .computeIfAbsent(verdict.property().index(), index -> new HashMap<>())
        .put(set, Answer.of(verdict, fresh));
    if (byInput.size() > inputs) {
      throw new IllegalArgumentException("verdicts about more than " + inputs + " inputs");
    }
  }

  /** The inputs that have a verdict about a set, in no order. */
  public Set<Integer> answered(PerturbationSet set) {
    return byInput.entrySet().stream()
        .filter(input -> input.getValue().containsKey(set))
        .map(Map.Entry::getKey)
        .collect(Collectors.toSet());
  }

  /** The sets that inputs are asked about. */
  public Set<PerturbationSet> threats() {
    return Set.copyOf(threats);
  }

  /** The inputs that have a verdict about any set. */
  public Set<Integer> answered() {
    return Set.copyOf(byInput.keySet());
  }

  /**
   * The counts so far over some of the inputs.
   *
   * @param some at least one
   */
  public Summary summaryOf(Set<Integer> some) {
    UnionTally part = new UnionTally(threats, some.size(), attacked);
    byInput.forEach(
        (input, answers) -> {
          if (some.contains(input)) {
            part.byInput.put(input, answers);
          }
        });
    return part.summary();
  }

  /** The counts so far. */
  public Summary summary() {
    int answered = (int) byInput.values().stream().filter(this::complete).count();
    int correct = inputsWith(answers -> answers.values().stream().anyMatch(Answer::correct));
    int proved =
        inputsWith(
            answers -> complete(answers) && answers.values().stream().allMatch(Answer::certified));
    int lost =
        inputsWith(
            answers -> answers.values().stream().anyMatch(a -> !a.certified() && !a.undecided()));
    int attackedLost = inputsWith(answers -> answers.values().stream().anyMatch(Answer::lost));
    int survivors =
        inputsWith(
            answers -> complete(answers) && answers.values().stream().allMatch(Answer::withstood));
    Share surviving = new Share(survivors, inputs - survivors - attackedLost, inputs);
    return new Summary(
        inputs,
        answered,
        new Share(correct, inputs - byInput.size(), inputs),
        threats.stream().map(this::threat).toList(),
        new Share(proved, inputs - proved - lost, inputs),
        attacked ? Optional.of(surviving) : Optional.empty(),
        rungs(),
        unprocessed());
  }

  private Summary.Unprocessed unprocessed() {
    Map<Integer, String> reasons = new TreeMap<>();
    byInput.forEach(
        (input, answers) ->
            threats.stream()
                .flatMap(set -> Optional.ofNullable(answers.get(set)).stream())
                .flatMap(answer -> answer.failure().stream())
                .findFirst()
                .ifPresent(reason -> reasons.put(input, reason)));
    return new Summary.Unprocessed(reasons.size(), reasons.values().stream().findFirst());
  }

  private ThreatSummary threat(PerturbationSet set) {
    Map<Outcome.Kind, Integer> kinds = new EnumMap<>(Outcome.Kind.class);
    int surviving = 0;
    int lost = 0;
    for (Answer answer : answers(set)) {
      kinds.merge(answer.kind(), 1, Integer::sum);
      surviving += answer.withstood() ? 1 : 0;
      lost += answer.lost() ? 1 : 0;
    }
    Share survivors = new Share(surviving, inputs - surviving - lost, inputs);
    return new ThreatSummary(
        set, kinds, inputs, attacked ? Optional.of(survivors) : Optional.empty());
  }

  private List<Answer> answers(PerturbationSet set) {
    List<Answer> found = new ArrayList<>();
    byInput
        .values()
        .forEach(answers -> Optional.ofNullable(answers.get(set)).ifPresent(found::add));
    return found;
  }

  private Map<Rung, Integer> rungs() {
    Map<Rung, Integer> rungs = new LinkedHashMap<>();
    for (PerturbationSet set : threats) {
      for (Answer answer : answers(set)) {
        answer.rung().ifPresent(rung -> rungs.merge(rung, 1, Integer::sum));
      }
    }
    return rungs;
  }

  private boolean complete(Map<PerturbationSet, Answer> answers) {
    return answers.size() == threats.size();
  }

  private int inputsWith(Predicate<Map<PerturbationSet, Answer>> condition) {
    return (int) byInput.values().stream().filter(condition).count();
  }
}

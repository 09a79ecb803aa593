package dev.merlon.actors.verification;

import dev.merlon.model.verify.verdict.Outcome;
import dev.merlon.model.verify.verdict.Verdict;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * What came out for cases.
 *
 * @param asked number of cases
 * @param models one entry for each model, in the order of their first cases
 * @param reused what was known before
 */
public record CaseCounts(int asked, List<Model> models, Reused reused) {
  /** Copies the list. */
  public CaseCounts {
    models = List.copyOf(models);
  }

  /**
   * The cases of one model.
   *
   * @param asked number of cases
   * @param kinds how many ended with each word
   * @param unprocessed how many could not be worked on to the end, such as those of a refused model
   * @param seconds spent on their verdicts
   */
  public record Model(
      Path model, int asked, Map<Outcome.Kind, Integer> kinds, int unprocessed, double seconds) {
    /** Copies the map. */
    public Model {
      kinds = Map.copyOf(kinds);
    }

    /** How many ended with this word. */
    public int count(Outcome.Kind kind) {
      return kinds.getOrDefault(kind, 0);
    }

    static Model of(Path model, int asked, Collection<Answer> answers) {
      Map<Outcome.Kind, Integer> kinds = new EnumMap<>(Outcome.Kind.class);
      answers.forEach(answer -> kinds.merge(answer.kind(), 1, Integer::sum));
      long unprocessed = answers.stream().filter(answer -> !answer.processed()).count();
      double millis = answers.stream().mapToDouble(Answer::millis).sum();
      return new Model(model, asked, kinds, (int) unprocessed, millis / 1000);
    }
  }

  /** What is counted of a verdict. */
  record Answer(Outcome.Kind kind, boolean processed, double millis) {
    static Answer of(Verdict verdict) {
      return new Answer(verdict.kind(), verdict.failure().isEmpty(), verdict.millis());
    }
  }

  /** How many ended with this word. */
  public int count(Outcome.Kind kind) {
    return models.stream().mapToInt(model -> model.count(kind)).sum();
  }

  /** How many ended with each word. */
  public Map<Outcome.Kind, Integer> kinds() {
    Map<Outcome.Kind, Integer> kinds = new EnumMap<>(Outcome.Kind.class);
    models.forEach(
        model -> model.kinds().forEach((kind, count) -> kinds.merge(kind, count, Integer::sum)));
    return kinds;
  }

  /** How many have a verdict. */
  public int answered() {
    return Arrays.stream(Outcome.Kind.values()).mapToInt(this::count).sum();
  }

  /** How many could not be worked on. */
  public int unprocessed() {
    return models.stream().mapToInt(Model::unprocessed).sum();
  }

  /** Seconds spent on verdicts, of all verifiers together. */
  public double seconds() {
    return models.stream().mapToDouble(Model::seconds).sum();
  }
}

package dev.merlon.actors.verification;

import dev.merlon.model.verify.cases.CaseFile;
import dev.merlon.model.verify.cases.VerificationCase;
import dev.merlon.model.verify.verdict.Verdict;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Counts the verdicts of a file of cases over all its models. Thread-safe. */
public final class CaseTally {
  private final CaseFile cases;
  private final Consumer<CaseCounts> watcher;
  private final Map<Path, Map<String, CaseCounts.Answer>> answers = new LinkedHashMap<>();
  private final Map<Path, Integer> asked = new HashMap<>();
  private Reused reused = Reused.NONE;

  /**
   * An empty one.
   *
   * @param watcher told when work on a group begins and after every list of verdicts, from one
   *     thread at a time
   */
  public CaseTally(CaseFile cases, Consumer<CaseCounts> watcher) {
    this.cases = cases;
    this.watcher = watcher;
    for (VerificationCase one : cases.cases()) {
      answers.put(one.model(), new HashMap<>());
      asked.merge(one.model(), 1, Integer::sum);
    }
  }

  /** What came out so far. */
  public synchronized CaseCounts counts() {
    List<CaseCounts.Model> models = new ArrayList<>();
    answers.forEach(
        (model, known) ->
            models.add(CaseCounts.Model.of(model, asked.getOrDefault(model, 0), known.values())));
    return new CaseCounts(cases.cases().size(), models, reused);
  }

  /** Whether a case has a verdict. */
  synchronized boolean answered(VerificationCase one) {
    return of(one.model()).containsKey(one.id());
  }

  /** The part of one model, which goes into the counts of all. */
  Tally<CaseCounts> of(CaseFile.Group group) {
    return new Tally<>() {
      @Override
      public void begin(List<Verdict> earlier) {
        count(group.model(), earlier, Reused.NONE);
      }

      @Override
      public void known(List<Verdict> verdicts) {
        count(group.model(), verdicts, Reused.NONE.and(verdicts));
      }

      @Override
      public void found(List<Verdict> verdicts) {
        count(group.model(), verdicts, Reused.NONE);
      }

      @Override
      public boolean enough() {
        return false;
      }

      @Override
      public CaseCounts report() {
        return counts();
      }
    };
  }

  private synchronized void count(Path model, List<Verdict> verdicts, Reused before) {
    Map<String, CaseCounts.Answer> known = of(model);
    verdicts.forEach(
        verdict -> known.put(verdict.property().id().orElseThrow(), CaseCounts.Answer.of(verdict)));
    reused = reused.and(before);
    watcher.accept(counts());
  }

  private Map<String, CaseCounts.Answer> of(Path model) {
    return Optional.ofNullable(answers.get(model)).orElseThrow();
  }
}

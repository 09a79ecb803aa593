package dev.merlon.model.store;

import dev.merlon.model.verify.question.Query;
import dev.merlon.model.verify.verdict.Verdict;
import java.util.List;
import java.util.function.Consumer;

/**
 * Facts that somebody would like to have but did not ask for: when their store is lost, that is
 * said once, and the work goes on without.
 */
public final class TolerantFacts implements Facts {
  private final Facts facts;
  private final Consumer<String> notes;
  private boolean lost;

  /**
   * Facts that may be lost.
   *
   * @param facts owned
   * @param notes told in one line when they are
   */
  public TolerantFacts(Facts facts, Consumer<String> notes) {
    this.facts = facts;
    this.notes = notes;
  }

  @Override
  public synchronized List<Verdict> known(List<Query> queries) {
    if (lost) {
      return List.of();
    }
    try {
      return facts.known(queries);
    } catch (StoreLost problem) {
      lose(problem);
      return List.of();
    }
  }

  @Override
  public synchronized List<Verdict> record(List<Verdict> fresh) {
    if (lost) {
      return fresh;
    }
    try {
      return facts.record(fresh);
    } catch (StoreLost problem) {
      lose(problem);
      return fresh;
    }
  }

  private void lose(StoreLost problem) {
    lost = true;
    notes.accept(problem.failure().message() + "; it is left out from now on.");
  }

  @Override
  public synchronized void close() {
    facts.close();
  }
}

package dev.merlon.actors.verification;

import dev.merlon.model.onnx.ImportedModel;
import dev.merlon.model.onnx.ModelUse;
import dev.merlon.model.store.Facts;
import dev.merlon.model.verify.cases.CaseFile;
import dev.merlon.model.verify.cases.VerificationCase;
import dev.merlon.model.verify.ladder.Effort;
import dev.merlon.model.verify.question.Query;
import dev.merlon.model.verify.verdict.Outcome;
import dev.merlon.model.verify.verdict.Verdict;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Cases of one model.
 *
 * @param model the file, as it was read
 * @param cases the cases
 * @param effort how hard to try, with the time limit of the cases
 */
public record CaseRequest(ImportedModel model, Cases cases, Effort effort) {

  /**
   * Cases of one model, whether that can be worked on or not.
   *
   * @param file that they are of
   * @param group some of its cases
   * @param retry verdicts of the results that are no answer
   */
  public record Cases(CaseFile file, CaseFile.Group group, Set<Outcome.Kind> retry) {
    /** Copies the set. */
    public Cases {
      retry = Set.copyOf(retry);
    }

    /**
     * Answers those that have no verdict yet with {@code unknown}, because the model cannot be
     * worked on.
     *
     * @param sha256 of the model's file; a word where it could not be read
     * @param reason in one line
     */
    public void refuse(String sha256, String reason, VerdictLog log, CaseTally tally) {
      try (VerdictBook<CaseCounts> book =
          new VerdictBook<>(asked(sha256), log, Facts.NONE, tally.of(group))) {
        book.begin();
        List<Verdict> unanswered = new ArrayList<>();
        for (VerificationCase one : group.cases()) {
          if (!tally.answered(one)) {
            unanswered.add(Verdict.unanswered(file.query(one), reason));
          }
        }
        book.record(unanswered);
      }
    }

    VerdictBook.Asked asked(String sha256) {
      ModelUse use = new ModelUse(Optional.empty(), group.threshold());
      return new VerdictBook.Asked(
          new VerdictLog.About(sha256, group.data(), use), this::queries, retry);
    }

    private Iterator<Query> queries() {
      return group.cases().stream().map(file::query).iterator();
    }
  }
}

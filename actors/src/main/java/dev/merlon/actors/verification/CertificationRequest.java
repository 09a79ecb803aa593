package dev.merlon.actors.verification;

import dev.merlon.model.onnx.ImportedModel;
import dev.merlon.model.verify.count.Requirement;
import dev.merlon.model.verify.count.Summary;
import dev.merlon.model.verify.ladder.Effort;
import dev.merlon.model.verify.question.Questions;
import dev.merlon.model.verify.verdict.Outcome;
import dev.merlon.model.verify.verdict.Rung;
import dev.merlon.model.verify.verdict.VerdictOrigin;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What to certify and what to do with the verdicts.
 *
 * @param model the file, as it was read
 * @param questions inputs and threats
 * @param effort how hard to try
 * @param results where verdicts are written; empty = nowhere
 * @param retry verdicts of results that are no answer
 * @param gate thresholds; empty = none
 */
public record CertificationRequest(
    ImportedModel model,
    Questions questions,
    Effort effort,
    Optional<Results> results,
    Set<Outcome.Kind> retry,
    Optional<Gate> gate) {

  /** Copies the set. */
  public CertificationRequest {
    retry = Set.copyOf(retry);
  }

  VerdictBook.Asked asked() {
    VerdictLog.About about = new VerdictLog.About(model.sha256(), questions.data(), model.use());
    return new VerdictBook.Asked(about, questions.queries(), retry);
  }

  /** What its verdicts are about and how they are found. */
  VerdictOrigin origin() {
    return new VerdictOrigin(
        model.sha256(),
        questions.data(),
        model.use(),
        questions.guarantee(),
        effort.rungs(),
        Optional.of(effort.attack().toString()).filter(words -> effort.rungs().contains(Rung.PGD)));
  }

  /**
   * Thresholds, all of which have to be reached.
   *
   * @param requirements at least one
   * @param stopEarly whether to stop once one of them can no longer be reached
   */
  public record Gate(List<Requirement> requirements, boolean stopEarly) {
    /** Copies the list. */
    public Gate {
      requirements = List.copyOf(requirements);
      if (requirements.isEmpty()) {
        throw new IllegalArgumentException("a gate requires something");
      }
    }

    /** One threshold. */
    public Gate(Requirement requirement, boolean stopEarly) {
      this(List.of(requirement), stopEarly);
    }

    Requirement.Decision decide(Summary summary) {
      return Requirement.decide(requirements, summary);
    }
  }
}

package dev.merlon.model.training;

import dev.merlon.config.evaluation.SelectionSettings;
import java.util.Optional;

/**
 * Which of a run's models is the best, and whether it is worth going on: a pure function of what
 * was measured at the ends of epochs. Among equals the earlier model stays; among models of score
 * 0, which tells nothing about them, the later one.
 */
public record ModelSelection(SelectionSettings settings) {

  /**
   * What a model is compared by.
   *
   * @return a share in {@code [0, 1]}
   * @throws IllegalStateException where models are not compared
   */
  public double value(EvaluationCounts counts) {
    return switch (settings.metric()) {
      case NONE -> throw new IllegalStateException("models are not compared");
      case NATURAL -> counts.share(counts.correct());
      case ADVERSARIAL -> counts.share(counts.withstood());
      case TAPS -> counts.share(counts.latent());
      case CERTIFIED -> counts.share(counts.certified());
    };
  }

  /**
   * The best model once one more was measured.
   *
   * @param best so far
   * @param epoch of the new one, counted from 1
   */
  public BestModel after(Optional<BestModel> best, int epoch, EvaluationCounts counts) {
    double value = value(counts);
    return best.filter(known -> known.isChosen() && known.value() >= value)
        .orElseGet(() -> new BestModel(epoch, value));
  }

  /** Whether the patience is over after so many epochs; it waits until a score is above 0. */
  public boolean isExhausted(Optional<BestModel> best, int epochs) {
    return settings.patience() > 0
        && best.filter(BestModel::isChosen)
            .filter(known -> epochs - known.epoch() >= settings.patience())
            .isPresent();
  }
}

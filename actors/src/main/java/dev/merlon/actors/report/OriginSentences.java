package dev.merlon.actors.report;

import dev.merlon.actors.Amounts;
import dev.merlon.actors.training.ModelOrigin;
import dev.merlon.actors.training.ModelOrigin.Choice;
import dev.merlon.config.evaluation.SelectionSplit;
import dev.merlon.model.training.Weights;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What a reader has to know about the model that a run's figures are of. */
final class OriginSentences {
  private OriginSentences() {}

  /** Sentences; none for the trained weights of the last epoch where nothing was compared. */
  static List<String> of(ModelOrigin origin) {
    List<String> sentences = new ArrayList<>();
    if (origin.weights() == Weights.AVERAGED) {
      sentences.add(
          "The model is an average of weights, up to those of epoch " + origin.epoch() + ".");
    }
    origin.choice().ifPresent(choice -> sentences.addAll(about(choice, origin.epoch())));
    return sentences;
  }

  private static List<String> about(Choice choice, int epoch) {
    var settings = choice.settings();
    if (!choice.best().isChosen()) {
      return List.of(
          String.format(
              Locale.ROOT,
              "No compared model had a %s above 0 on the %s images, so that none was chosen; the"
                  + " model is that of epoch %d, the last.",
              settings.scoreName(),
              settings.split().word(),
              epoch),
          "Compare by another score (selection.metric) or against one threat (selection.threat).");
    }
    String best =
        String.format(
            Locale.ROOT,
            "Epoch %d had the best %s on the %s images, %s; the model is that of epoch %d.",
            choice.best().epoch(),
            settings.scoreName(),
            settings.split().word(),
            Amounts.percent(choice.best().value()),
            epoch);
    return settings.split() == SelectionSplit.TEST
        ? List.of(best, "Chosen on the test images: figures on them are optimistic.")
        : List.of(best);
  }
}

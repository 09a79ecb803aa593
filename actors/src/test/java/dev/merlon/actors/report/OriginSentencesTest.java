package dev.merlon.actors.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.merlon.actors.training.ModelOrigin;
import dev.merlon.config.evaluation.FinalModel;
import dev.merlon.config.evaluation.SelectionMetric;
import dev.merlon.config.evaluation.SelectionSettings;
import dev.merlon.config.evaluation.SelectionSplit;
import dev.merlon.config.value.ThreatSpec;
import dev.merlon.model.training.BestModel;
import dev.merlon.model.training.Weights;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class OriginSentencesTest {

  @Test
  void of_lastTrainedWeights_saysNothing() {
    assertThat(OriginSentences.of(new ModelOrigin(6, Weights.TRAINED, Optional.empty()))).isEmpty();
  }

  @Test
  void of_averageChosenOnTestImages_saysAllOfIt() {
    var settings =
        new SelectionSettings(
            SelectionMetric.CERTIFIED,
            Optional.of(ThreatSpec.parse("linf:0.1")),
            SelectionSplit.TEST,
            2,
            3,
            FinalModel.BEST);

    assertThat(OriginSentences.of(chosen(settings, Weights.AVERAGED, new BestModel(4, 0.75))))
        .containsExactly(
            "The model is an average of weights, up to those of epoch 4.",
            "Epoch 4 had the best certified accuracy against linf:0.1 on the test images, 75.00%;"
                + " the model is that of epoch 4.",
            "Chosen on the test images: figures on them are optimistic.");
  }

  @Test
  void of_everyScoreZero_saysThatNoneWasChosen() {
    var settings =
        new SelectionSettings(
            SelectionMetric.CERTIFIED,
            Optional.empty(),
            SelectionSplit.VALIDATION,
            2,
            0,
            FinalModel.BEST);

    assertThat(OriginSentences.of(chosen(settings, Weights.TRAINED, new BestModel(6, 0))).get(0))
        .isEqualTo(
            "No compared model had a certified accuracy above 0 on the validation images, so that"
                + " none was chosen; the model is that of epoch 6, the last.");
  }

  private static ModelOrigin chosen(SelectionSettings settings, Weights weights, BestModel best) {
    return new ModelOrigin(
        best.epoch(), weights, Optional.of(new ModelOrigin.Choice(settings, best)));
  }
}

package dev.merlon.actors.training;

import dev.merlon.config.evaluation.SelectionSettings;
import dev.merlon.config.evaluation.SelectionSplit;
import dev.merlon.config.failure.MerlonException;
import dev.merlon.model.data.DataSplit;
import dev.merlon.model.data.Dataset;
import dev.merlon.model.data.RunImages;
import java.util.Optional;

/** The images that a run's models are compared on. */
final class SelectionImages {
  private SelectionImages() {}

  /**
   * Refuses a comparison on validation images where there are none; reads no images.
   *
   * @throws MerlonException (configuration)
   */
  static void require(TrainingRequest request) {
    SelectionSettings selection = request.settings().selection();
    if (selection.active()
        && selection.split() == SelectionSplit.VALIDATION
        && request.settings().data().validation().none()
        && !request.data().parts().contains(DataSplit.VALIDATION)) {
      throw MerlonException.configuration(
          "selection.metric is "
              + selection.metric().word()
              + " but there are no validation images to compare models on",
          "Hold some back, such as --set data.validation=0.1, or compare on the test images"
              + " with --set selection.split=test.");
    }
  }

  /** The images; empty where models are not compared. */
  static Optional<Dataset> of(TrainingRequest request, RunImages.Training images) {
    SelectionSettings selection = request.settings().selection();
    if (!selection.active()) {
      return Optional.empty();
    }
    return switch (selection.split()) {
      case VALIDATION -> images.validation();
      case TEST -> Optional.of(request.images().test());
    };
  }
}

package dev.merlon.actors.training;

import dev.merlon.actors.event.ComparedModel;
import dev.merlon.config.evaluation.FinalModel;
import dev.merlon.model.training.BestModel;
import dev.merlon.model.training.LearnerState;
import dev.merlon.model.training.Weights;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Which models a run writes: those of each epoch, the best one where models are compared, and its
 * result. Used by one actor.
 */
final class RunModels {
  private final RunPlan plan;
  private final RunOutput output;

  RunModels(RunPlan plan, RunOutput output) {
    this.plan = plan;
    this.output = output;
  }

  /**
   * Writes the models of an epoch.
   *
   * @param epoch counted from 1
   */
  void closeEpoch(int epoch, LearnerState state, Optional<ComparedModel> compared) {
    output.model(file(epoch, Weights.TRAINED), state.values(), Weights.TRAINED);
    state
        .average()
        .ifPresent(
            average ->
                output.model(file(epoch, Weights.AVERAGED), average.values(), Weights.AVERAGED));
    compared
        .filter(ComparedModel::isBest)
        .ifPresent(
            best -> output.copyModel(file(epoch, weights(epoch)), plan.directory().bestModel()));
  }

  /**
   * Writes the result of the run.
   *
   * @param state of the learner at its end
   */
  void finish(LearnerState state, ModelOrigin origin, int epochs) {
    Path file = plan.directory().finalModel();
    if (origin.epoch() == epochs) {
      output.model(file, state.result(), state.resultWeights());
    } else {
      output.copyModel(file(origin.epoch(), origin.weights()), file);
    }
  }

  /**
   * Which model is the result of the run.
   *
   * @param epochs that were trained
   * @param best of the models compared
   */
  ModelOrigin origin(int epochs, Optional<BestModel> best) {
    var settings = plan.settings().selection();
    int epoch =
        best.filter(model -> settings.result() == FinalModel.BEST)
            .map(BestModel::epoch)
            .orElse(epochs);
    return new ModelOrigin(
        epoch, weights(epoch), best.map(model -> new ModelOrigin.Choice(settings, model)));
  }

  private Weights weights(int epoch) {
    return plan.averages(epoch - 1) ? Weights.AVERAGED : Weights.TRAINED;
  }

  private Path file(int epoch, Weights weights) {
    return plan.directory().epochModel(epoch, weights);
  }
}

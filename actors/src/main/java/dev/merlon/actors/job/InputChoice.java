package dev.merlon.actors.job;

import dev.merlon.actors.Amounts;
import dev.merlon.model.data.Dataset;
import dev.merlon.model.norm.PerturbationSet;
import dev.merlon.model.onnx.ImageLayout;
import dev.merlon.model.onnx.InputScaling;
import dev.merlon.model.onnx.Threshold;
import dev.merlon.model.verify.question.Guarantee;
import dev.merlon.model.verify.question.Questions;
import java.util.List;
import java.util.Optional;

/**
 * Which inputs a user asked for, and how the model takes them.
 *
 * @param source where they come from
 * @param crop side of the square in the middle that is taken
 * @param first only so many
 * @param indices only these
 * @param taken how the model takes them
 */
public record InputChoice(
    InputSource source,
    Optional<Integer> crop,
    Optional<Integer> first,
    Optional<IndexList> indices,
    Taken taken) {

  /**
   * How a model takes images, and what its answer is.
   *
   * @param layout by default the one that its shape shows
   * @param scaling what is done to pixels before
   * @param threshold what its output is compared with, if it has only one
   */
  public record Taken(
      Optional<ImageLayout> layout, InputScaling scaling, Optional<Threshold> threshold) {}

  /** What to tell somebody who asked for more inputs than there are. */
  Optional<String> shortfall(Dataset images) {
    return first
        .filter(wanted -> wanted > images.size())
        .map(
            wanted ->
                "--first is %s, but %s has %s in its %s set; all of them are asked"
                    .formatted(
                        wanted,
                        images.name(),
                        Amounts.count(images.size(), "input"),
                        images.split().label()));
  }

  /** The questions about the chosen ones among these images. */
  Questions questions(Dataset images, List<PerturbationSet> sets, Guarantee guarantee) {
    return indices
        .map(chosen -> Questions.about(images, chosen.requireBelow(images.size()), sets, guarantee))
        .orElseGet(() -> Questions.aboutFirst(images, first.orElse(0), sets, guarantee));
  }
}

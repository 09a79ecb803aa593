package dev.merlon.actors.cli.work;

import dev.merlon.model.data.DataSplit;
import dev.merlon.model.data.Dataset;
import dev.merlon.model.norm.PerturbationSet;
import dev.merlon.model.onnx.ImageLayout;
import dev.merlon.model.verify.Questions;
import java.util.List;
import java.util.Optional;

/**
 * Which inputs a user asked for.
 *
 * @param data kind and directory, such as {@code mnist:data/mnist}
 * @param crop side of the square in the middle that is taken
 * @param first only so many
 * @param indices only these
 * @param layout of the model that takes them; by default the one that its shape shows
 */
public record InputChoice(
    String data,
    DataSplit split,
    Optional<Integer> crop,
    Optional<Integer> first,
    Optional<IndexList> indices,
    Optional<ImageLayout> layout) {

  Questions questions(Dataset images, List<PerturbationSet> sets) {
    return indices
        .map(chosen -> Questions.about(images, chosen.requireBelow(images.size()), sets))
        .orElseGet(() -> Questions.aboutFirst(images, first.orElse(0), sets));
  }
}

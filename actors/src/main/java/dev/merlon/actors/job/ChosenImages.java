package dev.merlon.actors.job;

import ai.djl.ndarray.types.Shape;
import dev.merlon.actors.event.JobEvent;
import dev.merlon.config.failure.MerlonException;
import dev.merlon.model.data.DataSplit;
import dev.merlon.model.data.Dataset;
import dev.merlon.model.data.DatasetSource;
import dev.merlon.model.data.Datasets;
import dev.merlon.model.data.ImageShape;
import dev.merlon.model.data.OnePicture;
import dev.merlon.model.onnx.ImageLayout;
import dev.merlon.model.onnx.ImportedModel;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * The images that a model is asked about, and the model as a function of them.
 *
 * @param images all that the source has
 * @param model behind what is done to images first
 * @param source where the images come from
 */
record ChosenImages(Dataset images, ImportedModel model, InputSource source) {

  /**
   * Reads the images.
   *
   * @throws MerlonException when they cannot be read or the model does not take them
   */
  static ChosenImages read(InputChoice choice, ImportedModel model, JobContext context) {
    Dataset images =
        choice.source() instanceof InputSource.OneImage one
            ? picture(one, model, choice.taken().layout())
            : choice
                .crop()
                .map(side -> cropped(stored(choice, context), side))
                .orElseGet(() -> stored(choice, context));
    return new ChosenImages(images, fitted(model, images, choice), choice.source());
  }

  /** What they are, without them. */
  JobOutcome.Inputs described() {
    return new JobOutcome.Inputs(
        images.name(),
        images.split(),
        source instanceof InputSource.OneImage one
            ? OptionalInt.of(one.label())
            : OptionalInt.empty());
  }

  private static Dataset picture(
      InputSource.OneImage one, ImportedModel model, Optional<ImageLayout> layout) {
    int classes = model.network().classes();
    if (one.label() < 0 || one.label() >= classes) {
      throw MerlonException.configuration(
          String.format(
              Locale.ROOT,
              "--label is %d, but %s has the classes 0 to %d",
              one.label(),
              model.name(),
              classes - 1),
          "Give the class that the model should see in the picture.");
    }
    return OnePicture.read(
        one.file(),
        one.label(),
        classes,
        shape -> model.ofImages(new Shape(extents(shape)), layout).isPresent());
  }

  /** A data set without parts is taken as a whole. */
  private static Dataset stored(InputChoice choice, JobContext context) {
    InputSource.Stored stored = (InputSource.Stored) choice.source();
    DatasetSource source =
        Datasets.parse(
            stored.data(), DecodedImages.cache(line -> context.tell(new JobEvent.Said(line))));
    if (source.parts().equals(Set.of(DataSplit.TRAIN)) && stored.split() == DataSplit.TEST) {
      context.note(stored.data() + " has no test part; all its images are taken");
      return source.read(DataSplit.TRAIN);
    }
    return source.read(stored.split());
  }

  private static Dataset cropped(Dataset images, int side) {
    if (side > images.shape().height() || side > images.shape().width()) {
      throw MerlonException.configuration(
          "--crop is " + side + " but the images are " + images.shape(),
          "Choose a crop that is no larger than the images.");
    }
    return images.centreCrop(side);
  }

  private static ImportedModel fitted(ImportedModel model, Dataset images, InputChoice choice) {
    InputChoice.Taken taken = choice.taken();
    long[] given = extents(images.shape());
    Optional<ImportedModel> ofImages =
        model.ofImages(new Shape(given), taken.layout(), taken.scaling());
    if (ofImages.isPresent() && images.classes() <= model.network().classes()) {
      return ofImages.get();
    }
    String takes =
        model.name() + " takes " + Arrays.toString(model.network().inputShape().getShape());
    if (choice.source() instanceof InputSource.OneImage) {
      throw MerlonException.configuration(
          "%s, but %s is a picture of %s (channels, height, width)"
              .formatted(takes, images.name(), Arrays.toString(given)),
          "Give a picture of the model's size: grey or coloured for three channels, grey for one.");
    }
    throw MerlonException.configuration(
        String.format(
            Locale.ROOT,
            "%s and has %d classes, but %s has images of %s and %d classes",
            takes,
            model.network().classes(),
            images.name(),
            Arrays.toString(given),
            images.classes()),
        "Name the data the model was trained on.");
  }

  private static long[] extents(ImageShape image) {
    return new long[] {image.channels(), image.height(), image.width()};
  }
}

package dev.merlon.model.data;

import dev.merlon.config.data.DataSettings;
import dev.merlon.config.data.HeldOut;
import dev.merlon.config.failure.MerlonException;
import dev.merlon.proto.Digests;
import java.util.Optional;

/**
 * The images of a run as its settings ask for them: limits first, then what is held back, then the
 * crop. Everything is a function of the source's content, the settings and the seed.
 *
 * @param source where the images come from
 * @param settings which of them, and how they are seen
 * @param seed the run's seed
 */
public record RunImages(DatasetSource source, DataSettings settings, long seed) {

  /**
   * What training needs.
   *
   * @param digest names the content of all images that training may use, held back ones and an own
   *     validation part included
   * @param train what the steps learn from; whole images where crops are random
   * @param validation what models may be chosen by, as the network sees them; empty where none are
   *     held back
   * @param augmentation how the images of a step are changed
   */
  public record Training(
      String digest, Dataset train, Optional<Dataset> validation, Augmentation augmentation) {}

  /**
   * Shape of what the network sees.
   *
   * @throws MerlonException (configuration) if the crop does not fit; otherwise as {@link
   *     DatasetSource#shape}
   */
  public ImageShape shape() {
    return seen(source.shape());
  }

  /** Number of classes. */
  public int classes() {
    return source.classes();
  }

  /** Reads the training images. */
  public Training training() {
    return training(source.read(DataSplit.TRAIN));
  }

  /**
   * What training needs.
   *
   * @param all the training part of the source, already read
   */
  public Training training(Dataset all) {
    Dataset usable = usable(all);
    Optional<HoldOut> cut = Optional.empty();
    requireOneOrigin(DataSplit.VALIDATION, settings.validation());
    if (!settings.validation().none()) {
      cut = Optional.of(HoldOut.of(usable, settings.validation(), DataSplit.VALIDATION, seed));
    }
    Dataset train = cut.map(HoldOut::kept).orElse(usable);
    Optional<Dataset> own = ownValidation();
    Optional<Dataset> validation = cut.map(HoldOut::held).or(() -> own).map(this::centred);
    boolean random = settings.augment().randomCrop();
    Dataset stored = random ? train : centred(train);
    Augmentation augmentation =
        new Augmentation(settings.augment(), seed, stored.shape(), seen(train.shape()));
    return new Training(digest(usable, own), stored, validation, augmentation);
  }

  private static String digest(Dataset usable, Optional<Dataset> ownValidation) {
    return ownValidation
        .map(own -> Digests.of(usable.digest() + " " + own.digest()))
        .orElseGet(usable::digest);
  }

  /** Reads the test images, as the network sees them. */
  public Dataset test() {
    Dataset all =
        ownTest() ? source.read(DataSplit.TEST) : testCut(source.read(DataSplit.TRAIN)).held();
    return centred(limited(all, settings.testLimit()));
  }

  private Dataset usable(Dataset all) {
    return limited(ownTest() ? all : testCut(all).kept(), settings.trainLimit());
  }

  private HoldOut testCut(Dataset all) {
    if (settings.test().none()) {
      throw source.absent(DataSplit.TEST);
    }
    return HoldOut.of(all, settings.test(), DataSplit.TEST, seed);
  }

  private boolean ownTest() {
    requireOneOrigin(DataSplit.TEST, settings.test());
    return source.parts().contains(DataSplit.TEST);
  }

  private void requireOneOrigin(DataSplit part, HeldOut held) {
    if (source.parts().contains(part) && !held.none()) {
      String key = "data." + part.label();
      throw MerlonException.configuration(
          key + " is " + held.amount() + " but the images have a " + part.label() + " part",
          "Leave " + key + " out; it is for images without such a part.");
    }
  }

  private Optional<Dataset> ownValidation() {
    return source.parts().contains(DataSplit.VALIDATION)
        ? Optional.of(source.read(DataSplit.VALIDATION))
        : Optional.empty();
  }

  private Dataset centred(Dataset data) {
    seen(data.shape());
    return settings.crop() == 0 ? data : data.centreCrop(settings.crop());
  }

  private ImageShape seen(ImageShape stored) {
    int side = settings.crop();
    if (side == 0) {
      return stored;
    }
    if (side > stored.height() || side > stored.width()) {
      throw MerlonException.configuration(
          "data.crop is " + side + " but the images are " + stored,
          "Choose a crop that is no larger than the images.");
    }
    return new ImageShape(stored.channels(), side, side);
  }

  private static Dataset limited(Dataset data, int limit) {
    return limit == 0 ? data : data.head(limit);
  }
}

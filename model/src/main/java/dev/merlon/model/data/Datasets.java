package dev.merlon.model.data;

import dev.merlon.config.data.DataKind;
import dev.merlon.config.failure.DidYouMean;
import dev.merlon.config.failure.MerlonException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** Finds the source of a data set from configuration or from the words of the command line. */
public final class Datasets {
  private static final List<String> KINDS =
      Arrays.stream(DataKind.values()).map(DataKind::word).toList();

  private Datasets() {}

  /**
   * The source of a kind that reads files. Nothing is read yet.
   *
   * @param directory where the files lie
   * @param cache where image files are decoded to
   * @throws MerlonException with a data failure if the kind is built in and takes no directory
   */
  public static DatasetSource open(DataKind kind, Path directory, ImageCache cache) {
    return switch (kind) {
      case MNIST -> new MnistReader(directory);
      case CIFAR10 -> CifarReader.cifar10(directory);
      case CIFAR100 -> CifarReader.cifar100(directory);
      case FOLDER -> new FolderReader(directory, cache);
      case TINYIMAGENET ->
          new TinyImageNetReader(directory, cache, TinyImageNetReader.Counts.PUBLISHED);
      case DEMO ->
          throw MerlonException.data(
              "Data set '" + kind.word() + "' is built in and takes no directory, got " + directory,
              "Leave the directory out.");
    };
  }

  /**
   * The source of a kind that is drawn by the program itself. Nothing is drawn yet.
   *
   * @param seed what it is drawn from
   * @throws MerlonException with a data failure if the kind needs a directory
   */
  public static DatasetSource open(DataKind kind, long seed) {
    return switch (kind) {
      case MNIST, CIFAR10, CIFAR100, FOLDER, TINYIMAGENET ->
          throw MerlonException.data(
              "Data set '" + kind.word() + "' needs a directory",
              "Name the directory that holds its files, as in " + kind.word() + ":DIR.");
      case DEMO -> new EmbeddedDigits(seed);
    };
  }

  /**
   * Reads {@code KIND} or {@code KIND:DIRECTORY}, as in {@code demo} and {@code mnist:data/mnist}.
   * A built-in kind has its standard seed.
   *
   * @param cache where image files are decoded to
   * @throws MerlonException with a data failure if the kind is unknown, or its directory is missing
   *     or superfluous
   */
  public static DatasetSource parse(String words, ImageCache cache) {
    int colon = words.indexOf(':');
    DataKind kind = kindOf(colon < 0 ? words : words.substring(0, colon));
    String directory = words.substring(colon + 1);
    return colon < 0 || directory.isEmpty()
        ? open(kind, EmbeddedDigits.STANDARD_SEED)
        : open(kind, Path.of(directory), cache);
  }

  private static DataKind kindOf(String word) {
    return Arrays.stream(DataKind.values())
        .filter(kind -> kind.word().equals(word))
        .findFirst()
        .orElseThrow(
            () ->
                MerlonException.data(
                    "There is no data set of kind '" + word + "'",
                    DidYouMean.closest(word, KINDS)
                            .map(near -> "Did you mean " + near + "? ")
                            .orElse("")
                        + "Choose one of "
                        + String.join(", ", KINDS)
                        + "."));
  }
}

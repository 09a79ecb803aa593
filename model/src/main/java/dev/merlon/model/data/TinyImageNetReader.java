package dev.merlon.model.data;

import dev.merlon.config.data.DataKind;
import dev.merlon.model.data.ImageListing.Entry;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * TinyImageNet in the layout it is distributed in: {@code wnids.txt} with 200 class names, {@code
 * train/NAME/images} with 500 images each, {@code val/images} with 10,000 images whose classes are
 * in {@code val/val_annotations.txt}, all JPEGs of 64x64. Classes are numbered by their sorted
 * names, as the literature does it. The validation images are the test part, because the test
 * images have no labels. Grey images get three equal channels. Thread-safe.
 */
public final class TinyImageNetReader implements DatasetSource {
  private static final ImageShape SHAPE = new ImageShape(3, 64, 64);

  private final Path directory;
  private final ImageCache cache;
  private final Counts counts;
  private volatile Optional<Dataset> train = Optional.empty();

  /**
   * What has to be there.
   *
   * @param classes lines of {@code wnids.txt}
   * @param trainPerClass training images of each class
   * @param val validation images
   */
  record Counts(int classes, int trainPerClass, int val) {
    static final Counts PUBLISHED = new Counts(200, 500, 10_000);
  }

  TinyImageNetReader(Path directory, ImageCache cache, Counts counts) {
    this.directory = directory;
    this.cache = cache;
    this.counts = counts;
  }

  @Override
  public DataKind kind() {
    return DataKind.TINYIMAGENET;
  }

  @Override
  public ImageShape shape() {
    return SHAPE;
  }

  @Override
  public int classes() {
    return counts.classes();
  }

  /**
   * {@inheritDoc}
   *
   * <p>Decodes the files unless the cache has them.
   */
  @Override
  public Dataset read(DataSplit split) {
    return switch (split) {
      case TRAIN -> train();
      case TEST -> decoded(split, val());
      case VALIDATION -> throw absent(split);
    };
  }

  private Dataset train() {
    Optional<Dataset> known = train;
    if (known.isEmpty()) {
      known = Optional.of(decoded(DataSplit.TRAIN, trainListing()));
      train = known;
    }
    return known.orElseThrow();
  }

  private Dataset decoded(DataSplit split, ImageListing listing) {
    return cache.read(kind().word(), split, listing, Optional.of(SHAPE));
  }

  private ImageListing trainListing() {
    List<List<Path>> files = new ArrayList<>();
    for (String name : classNames()) {
      Path folder = directory.resolve("train").resolve(name).resolve("images");
      List<Path> images = ClassFolders.images(folder);
      if (images.size() != counts.trainPerClass()) {
        throw FileProblem.of(
            folder, "has " + images.size() + " images, expected " + counts.trainPerClass());
      }
      files.add(images);
    }
    return new ImageListing(directory, ClassFolders.inTurn(files), classes());
  }

  private ImageListing val() {
    Path annotations = directory.resolve("val").resolve("val_annotations.txt");
    Path images = directory.resolve("val").resolve("images");
    List<String> names = classNames();
    List<Entry> entries = new ArrayList<>();
    for (String line : lines(annotations)) {
      String[] fields = line.split("\t", -1);
      int label = fields.length < 2 ? -1 : names.indexOf(fields[1]);
      if (label < 0) {
        throw FileProblem.of(
            annotations,
            "has a line "
                + (entries.size() + 1)
                + " that does not give an image and one of the "
                + names.size()
                + " classes");
      }
      entries.add(new Entry(images.resolve(fields[0]), label));
    }
    requireCount(annotations, "lines", entries.size(), counts.val());
    return new ImageListing(directory, entries, classes());
  }

  private List<String> classNames() {
    if (!Files.isDirectory(directory)) {
      throw FileProblem.noDirectory(directory, "TinyImageNet");
    }
    Path file = directory.resolve("wnids.txt");
    List<String> names = lines(file).stream().map(String::strip).distinct().sorted().toList();
    requireCount(file, "classes", names.size(), counts.classes());
    return names;
  }

  private static void requireCount(Path file, String what, int found, int expected) {
    if (found != expected) {
      throw FileProblem.of(file, "has " + found + " " + what + ", expected " + expected);
    }
  }

  private static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file).stream().filter(line -> !line.isBlank()).toList();
    } catch (CharacterCodingException binary) {
      throw FileProblem.of(file, "is no text file");
    } catch (IOException unreadable) {
      throw FileProblem.unreadable(file, unreadable);
    }
  }
}

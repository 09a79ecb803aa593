package dev.merlon.model.data;

import dev.merlon.config.failure.Failure;
import dev.merlon.config.failure.MerlonException;
import dev.merlon.model.data.ImageListing.Entry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Image files decoded once: the first time into a file of this directory, later from there. Which
 * file it is depends on the images' place, names, labels, sizes and times of change, so that
 * changed images are decoded anew. Files appear complete or not at all, are checked by their digest
 * whenever they are opened, and are mapped, not loaded, so that large data sets need no heap.
 *
 * @param directory where the files lie; made when it is needed
 * @param notices told what takes long or was mended, in words for people
 */
public record ImageCache(Path directory, Consumer<String> notices) {
  private static final int NAME_DIGITS = 16;
  private static final long LARGEST = Integer.MAX_VALUE - 8L;

  /**
   * The images of a listing.
   *
   * @param name of the data set
   * @param expected the shape they must have; empty = the size of the first one, and grey only if
   *     all are
   * @throws MerlonException (data) if an image is not as it should be, or the cache cannot be used
   */
  Dataset read(String name, DataSplit split, ImageListing listing, Optional<ImageShape> expected) {
    Path file = directory.resolve(fileName(name, split, listing, expected));
    try {
      if (Files.exists(file)) {
        return CacheFile.open(file, name, split);
      }
    } catch (CacheFile.Damaged damaged) {
      notices.accept(file + " has " + damaged.getMessage() + "; the images are decoded anew");
    } catch (IOException unreadable) {
      throw FileProblem.unreadable(file, unreadable);
    }
    notices.accept(
        String.format(
            Locale.ROOT,
            "Decoding %,d images of %s into %s, once",
            listing.entries().size(),
            listing.root(),
            file));
    try {
      Files.createDirectories(directory);
      decode(file, listing, expected);
      return CacheFile.open(file, name, split);
    } catch (IOException unusable) {
      throw unusable(unusable);
    }
  }

  private static String fileName(
      String name, DataSplit split, ImageListing listing, Optional<ImageShape> expected) {
    String shape = expected.map(ImageShape::toString).orElse("any");
    String key = listing.fingerprint().substring(0, NAME_DIGITS);
    return name + "-" + split.label() + "-" + shape + "-" + key + ".images";
  }

  private static void decode(Path file, ImageListing listing, Optional<ImageShape> expected)
      throws IOException {
    Picture first = PictureFile.decode(listing.entries().get(0).file());
    ImageShape shape =
        expected.orElseGet(
            () -> new ImageShape(first.grey() ? 1 : 3, first.height(), first.width()));
    if (!write(file, listing, shape)) {
      if (expected.isPresent()) {
        throw colouredAmongGrey(listing);
      }
      write(file, listing, new ImageShape(3, shape.height(), shape.width()));
    }
  }

  /** Writes all images; false, and no file, if one is coloured but the shape is grey. */
  private static boolean write(Path file, ImageListing listing, ImageShape shape)
      throws IOException {
    requireRoom(listing, shape);
    List<Entry> entries = listing.entries();
    try (var writer = new CacheFile.Writer(file, shape, listing.classes(), listing.labels())) {
      for (Entry entry : entries) {
        Picture picture = PictureFile.decode(entry.file());
        requireSize(entry.file(), picture, shape, entries.get(0).file());
        if (!picture.grey() && shape.channels() == 1) {
          return false;
        }
        writer.add(picture.channels(shape.channels()));
      }
      writer.finish();
      return true;
    }
  }

  private static void requireRoom(ImageListing listing, ImageShape shape) {
    long bytes = (long) listing.entries().size() * shape.elements();
    if (bytes > LARGEST) {
      throw MerlonException.data(
          String.format(
              Locale.ROOT,
              "%,d images of %s need %,d bytes, more than the %,d that one part may have",
              listing.entries().size(),
              shape,
              bytes,
              LARGEST),
          "Take fewer or smaller images.");
    }
  }

  private static void requireSize(Path file, Picture picture, ImageShape shape, Path first) {
    if (picture.height() != shape.height() || picture.width() != shape.width()) {
      throw MerlonException.data(
          String.format(
              Locale.ROOT,
              "%s has %dx%d pixels (height x width), expected %dx%d%s",
              file,
              picture.height(),
              picture.width(),
              shape.height(),
              shape.width(),
              file.equals(first) ? "" : " as " + first),
          "Bring all images to one size.");
    }
  }

  private static MerlonException colouredAmongGrey(ImageListing listing) {
    Path coloured =
        listing.entries().stream()
            .map(Entry::file)
            .filter(file -> !PictureFile.decode(file).grey())
            .findFirst()
            .orElse(listing.root());
    return MerlonException.data(
        coloured + " is coloured, but the training images are grey",
        "Convert it to grey, or the training images to RGB.");
  }

  private MerlonException unusable(IOException problem) {
    return new MerlonException(
        new Failure.Data(
            "The cache of decoded images " + directory + " cannot be written: " + problem,
            "Make room, or set merlon.data.cache to a directory that can be written."),
        problem);
  }
}

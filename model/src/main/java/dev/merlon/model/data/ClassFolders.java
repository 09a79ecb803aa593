package dev.merlon.model.data;

import dev.merlon.config.failure.MerlonException;
import dev.merlon.model.data.ImageListing.Entry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Lists images that lie in one folder for each class. Names that begin with a dot are left out;
 * everything else has to be an image. Classes and files are in the order of their names (by UTF-16
 * code units). Files are taken from the classes in turn: the first of each class, then the second
 * of each, so that the beginning of a data set has every class.
 */
final class ClassFolders {
  private ClassFolders() {}

  /**
   * The names of the class folders of a directory, sorted.
   *
   * @throws MerlonException (data) if there are fewer than two, or a file beside them
   */
  static List<String> classes(Path directory) {
    List<String> names = folders(directory);
    if (names.size() < 2) {
      throw MerlonException.data(
          String.format(
              Locale.ROOT, "%s has %d class folders, expected at least 2", directory, names.size()),
          "Name a directory with one folder of images for each class.");
    }
    return names;
  }

  /**
   * The images of a directory.
   *
   * @param classes the classes in order of their numbers; a folder that is none of them is refused,
   *     one that is missing has no images here
   */
  static ImageListing list(Path directory, List<String> classes) {
    List<List<Path>> files = new ArrayList<>();
    for (String name : folders(directory)) {
      if (!classes.contains(name)) {
        throw foreign(directory.resolve(name), "is no class of the training images");
      }
    }
    for (String name : classes) {
      Path folder = directory.resolve(name);
      files.add(Files.isDirectory(folder) ? images(folder) : List.of());
    }
    if (files.stream().allMatch(List::isEmpty)) {
      throw foreign(directory, "has no class folders");
    }
    return new ImageListing(directory, inTurn(files), classes.size());
  }

  /** The images of one class, sorted by name; at least one. */
  static List<Path> images(Path folder) {
    List<Path> children = children(folder);
    for (Path child : children) {
      if (Files.isDirectory(child)) {
        throw foreign(child, "is a folder where only images are expected");
      }
      if (!PictureFile.named(child)) {
        throw foreign(child, "is not named as an image (.png, .jpg, .jpeg, .bmp)");
      }
    }
    if (children.isEmpty()) {
      throw foreign(folder, "has no images");
    }
    return children;
  }

  /** One file of each class in turn until all are taken. */
  static List<Entry> inTurn(List<List<Path>> files) {
    int longest = files.stream().mapToInt(List::size).max().orElse(0);
    List<Entry> entries = new ArrayList<>();
    for (int turn = 0; turn < longest; turn++) {
      for (int label = 0; label < files.size(); label++) {
        if (turn < files.get(label).size()) {
          entries.add(new Entry(files.get(label).get(turn), label));
        }
      }
    }
    return entries;
  }

  private static List<String> folders(Path directory) {
    List<Path> children = children(directory);
    for (Path child : children) {
      if (!Files.isDirectory(child)) {
        throw foreign(child, "is a file where only class folders are expected");
      }
    }
    return children.stream().map(child -> child.getFileName().toString()).toList();
  }

  private static List<Path> children(Path directory) {
    if (!Files.isDirectory(directory)) {
      throw FileProblem.noDirectory(directory, "the images");
    }
    try (Stream<Path> children = Files.list(directory)) {
      return children
          .filter(child -> !child.getFileName().toString().startsWith("."))
          .sorted(Comparator.comparing(child -> child.getFileName().toString()))
          .toList();
    } catch (IOException unreadable) {
      throw FileProblem.unreadable(directory, unreadable);
    }
  }

  private static MerlonException foreign(Path path, String problem) {
    return MerlonException.data(
        path + " " + problem,
        "Keep images only, in one folder for each class; names that begin with a dot are"
            + " left out.");
  }
}

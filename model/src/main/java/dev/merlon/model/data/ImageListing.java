package dev.merlon.model.data;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import org.apache.commons.codec.digest.DigestUtils;

/**
 * The image files of one part of a data set, in the order of the data set.
 *
 * @param root what the files' names are relative to
 * @param entries the files; at least one
 * @param classes number of classes
 */
record ImageListing(Path root, List<Entry> entries, int classes) {

  /**
   * A file and its class.
   *
   * @param label in {@code [0, classes)}
   */
  record Entry(Path file, int label) {}

  ImageListing {
    entries = List.copyOf(entries);
  }

  /** The labels in order. */
  int[] labels() {
    return entries.stream().mapToInt(Entry::label).toArray();
  }

  /**
   * A digest of what can be known without reading the files: where they are, their names, labels,
   * sizes and times of change. Equal fingerprints stand for equal content.
   */
  String fingerprint() {
    MessageDigest sha256 = DigestUtils.getSha256Digest();
    try {
      add(sha256, root.toRealPath() + "\n" + classes);
      for (Entry entry : entries) {
        var attributes = Files.readAttributes(entry.file(), BasicFileAttributes.class);
        add(
            sha256,
            root.relativize(entry.file())
                + "\n"
                + entry.label()
                + " "
                + attributes.size()
                + " "
                + attributes.lastModifiedTime().toMillis());
      }
    } catch (NoSuchFileException missing) {
      throw FileProblem.unreadable(Path.of(missing.getFile()), missing);
    } catch (IOException unreadable) {
      throw FileProblem.unreadable(root, unreadable);
    }
    return HexFormat.of().formatHex(sha256.digest());
  }

  private static void add(MessageDigest digest, String line) {
    digest.update((line + "\n").getBytes(StandardCharsets.UTF_8));
  }
}

package dev.merlon.model.onnx;

import dev.merlon.config.failure.FileReason;
import dev.merlon.model.onnx.operator.ModelRefusal;
import dev.merlon.proto.Digests;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;

/**
 * The name of a model by its content, the same on every machine: SHA-256 of its file or, where
 * parts of it lie beside the file, of the list of the file's digest and of each part's name,
 * offset, length and digest.
 */
public final class ModelDigest {
  private static final String VERSION = "merlon-model-1";

  private ModelDigest() {}

  /**
   * What a file says of a part that lies beside it.
   *
   * @param location path relative to the folder of the model's file
   * @param offset of the first byte in that file
   * @param length in bytes
   */
  public record Part(String location, long offset, long length) {
    private static final Comparator<Part> ORDER =
        Comparator.comparing(Part::location)
            .thenComparingLong(Part::offset)
            .thenComparingLong(Part::length);

    // Two spellings of one place are one part.
    private Part normal() {
      return new Part(Path.of(location).normalize().toString(), offset, length);
    }
  }

  /** The digest of a model of one file, 64 lower-case hexadecimal digits. */
  public static String of(byte[] file) {
    return Digests.of(file);
  }

  /**
   * The same for a model with parts beside its file; for none of them that of the file.
   *
   * @param folder where the file lies
   * @param parts in any order; several tensors may share one
   * @throws dev.merlon.config.failure.MerlonException (model format) in one line, when a part is
   *     not inside the folder, is not as long as it should be, or cannot be read
   */
  public static String of(byte[] file, Path folder, List<Part> parts) {
    if (parts.isEmpty()) {
      return of(file);
    }
    TreeSet<Part> sorted = new TreeSet<>(Part.ORDER);
    parts.forEach(part -> sorted.add(part.normal()));
    List<String> list = new ArrayList<>(List.of(VERSION, of(file)));
    for (Part part : sorted) {
      list.add(part.location());
      list.add(Long.toString(part.offset()));
      list.add(Long.toString(part.length()));
      list.add(digest(folder, part));
    }
    return Digests.of(list);
  }

  private static String digest(Path folder, Part part) {
    try {
      Path root = folder.toRealPath();
      Path beside = root.resolve(part.location());
      if (!beside.toRealPath().startsWith(root)) {
        throw refused(part, "lies outside the folder of the model");
      }
      return Digests.ofRange(beside, part.offset(), part.length())
          .orElseThrow(() -> refused(part, "ends beyond its file"));
    } catch (IOException unreadable) {
      throw ModelRefusal.unreadable(
          "Part '"
              + part.location()
              + "' of the model cannot be read: "
              + FileReason.of(unreadable),
          "Copy it to where the model lies.",
          unreadable);
    }
  }

  private static RuntimeException refused(Part part, String why) {
    return ModelRefusal.unreadable(
        String.format(
            Locale.ROOT,
            "Part '%s' of the model (%d bytes from %d) %s",
            part.location(),
            part.length(),
            part.offset(),
            why),
        "Export or copy the model again.");
  }
}

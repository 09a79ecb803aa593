package dev.merlon.model.data.fetch;

import dev.merlon.proto.Digests;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Files below a directory, as a whole. */
final class Contents {
  private Contents() {}

  /**
   * One digest of the files that these names stand for, folders with all that is in them: of their
   * paths and of every byte.
   */
  static String digest(Path directory, List<String> names) throws IOException {
    Map<String, String> digests = new TreeMap<>();
    for (String name : names) {
      Path top = directory.resolve(name);
      if (Files.exists(top, LinkOption.NOFOLLOW_LINKS)) {
        Files.walkFileTree(top, collecting(directory, digests));
      }
    }
    StringBuilder text = new StringBuilder();
    digests.forEach((path, digest) -> text.append(digest).append("  ").append(path).append('\n'));
    return Digests.of(text.toString());
  }

  private static SimpleFileVisitor<Path> collecting(Path root, Map<String, String> digests) {
    return new SimpleFileVisitor<>() {
      @Override
      public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
          throws IOException {
        String path = root.relativize(file).toString().replace('\\', '/');
        digests.put(path, attributes.isRegularFile() ? Digests.ofFile(file) : "no file");
        return FileVisitResult.CONTINUE;
      }
    };
  }

  /** Deletes a file, or a folder with all that is in it; links are deleted, not followed. */
  static void delete(Path top) throws IOException {
    if (!Files.exists(top, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    Files.walkFileTree(
        top,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path folder, java.io.IOException problem)
              throws IOException {
            Files.delete(folder);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}

package dev.merlon.config.home;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import dev.merlon.config.failure.MerlonException;
import dev.merlon.config.failure.Unwritable;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Folders that code may be loaded from. Such a folder is no link, belongs to this user or to root,
 * and nobody else may write to it; every folder above it belongs to this user, to root or to whom
 * the root folder belongs, and strangers may not write there unless its sticky bit keeps them from
 * the entries of others. (A group that may write above it is trusted by whoever put it there; what
 * it put in the place of a folder would be its own, and refused.)
 */
public final class PrivateFolder {
  private static final int OTHERS_WRITE = 0002;
  private static final int GROUP_OR_OTHERS_WRITE = 0022;
  private static final int STICKY = 01000;
  private static final int ROOT = 0;
  private static final String REMEDY =
      "Remove it, or set MERLON_HOME (DJL_CACHE_DIR, where that is set) to a folder that only you"
          + " can write.";

  private PrivateFolder() {}

  /**
   * Makes the folder, readable for its owner alone, where it is not there yet.
   *
   * @return its path without links
   * @throws MerlonException (configuration) if somebody else could have put something there;
   *     (device or configuration) if it cannot be made
   */
  public static Path make(Path folder) {
    try {
      create(folder);
      if (Files.isSymbolicLink(folder)) {
        throw refused(folder, "it is a link");
      }
      Path real = folder.toRealPath();
      if (ProcessOwner.isNumbered()) {
        Optional<String> objection = objection(real, ProcessOwner.number());
        if (objection.isPresent()) {
          throw refused(real, objection.get());
        }
      }
      return real;
    } catch (IOException unusable) {
      throw Unwritable.of(
          "The folder " + folder + " cannot be made",
          "Make room there, or set MERLON_HOME to a folder that can be written.",
          unusable);
    }
  }

  private static void create(Path folder) throws IOException {
    if (Files.isDirectory(folder, NOFOLLOW_LINKS) || Files.isSymbolicLink(folder)) {
      return;
    }
    Files.createDirectories(folder.toAbsolutePath().getParent());
    try {
      if (ProcessOwner.isNumbered()) {
        Files.createDirectory(
            folder,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      } else {
        Files.createDirectory(folder);
      }
    } catch (FileAlreadyExistsException raced) {
      if (!Files.isDirectory(folder, NOFOLLOW_LINKS)) {
        throw raced;
      }
    }
  }

  /**
   * Why a user should not trust a folder; empty where there is no reason.
   *
   * @param real a path without links
   * @param me the user's number
   */
  static Optional<String> objection(Path real, int me) throws IOException {
    if (!Set.copyOf(List.of(me, ROOT)).contains(ProcessOwner.of(real))) {
      return Optional.of("it belongs to another user");
    }
    if ((mode(real) & GROUP_OR_OTHERS_WRITE) != 0) {
      return Optional.of("others may write there");
    }
    Set<Integer> trusted = Set.copyOf(List.of(me, ROOT, ProcessOwner.of(real.getRoot())));
    for (Path above = real.getParent(); above != null; above = above.getParent()) {
      if (!trusted.contains(ProcessOwner.of(above))) {
        return Optional.of(above + " above it belongs to another user");
      }
      if ((mode(above) & OTHERS_WRITE) != 0 && (mode(above) & STICKY) == 0) {
        return Optional.of("everybody may write to " + above + " above it");
      }
    }
    return Optional.empty();
  }

  private static int mode(Path path) throws IOException {
    return (Integer) Files.getAttribute(path, "unix:mode");
  }

  private static MerlonException refused(Path folder, String objection) {
    return MerlonException.configuration(
        "Nothing is loaded from " + folder + ": " + objection, REMEDY);
  }
}

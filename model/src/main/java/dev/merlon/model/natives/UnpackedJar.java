package dev.merlon.model.natives;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.merlon.config.failure.Failure;
import dev.merlon.config.failure.MerlonException;
import dev.merlon.config.failure.Unwritable;
import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.zip.CRC32;

/**
 * The native libraries of a jar as files. They lie in a folder whose name has the jar's name and a
 * digest of its entries, appear there complete or not at all, and stay for later processes.
 */
public final class UnpackedJar {
  private UnpackedJar() {}

  /**
   * Unpacks a library and everything beside it in its jar, where that was not done before.
   *
   * @param resource the library's name on the class path, such as {@code folder/libname.so}
   * @return the library as a file
   * @throws MerlonException (device) if no jar has it or there is no room; (configuration) if the
   *     folder cannot be written or trusted
   */
  public static Path library(String resource) {
    return library(resource, UnpackedJar.class.getClassLoader(), NativeFolder.ofProcess());
  }

  static Path library(String resource, ClassLoader loader, Path folder) {
    URL place =
        Optional.ofNullable(loader.getResource(resource))
            .orElseThrow(() -> new MerlonException(missing(resource)));
    try {
      JarURLConnection connection = (JarURLConnection) place.openConnection();
      connection.setUseCaches(false);
      try (JarFile jar = connection.getJarFile()) {
        return unpack(jar, resource, folder);
      }
    } catch (IOException unusable) {
      throw Unwritable.of(
          "Native libraries cannot be unpacked into " + folder,
          "Make room there (1 GB is enough), or set MERLON_HOME to a folder that can be written.",
          unusable);
    }
  }

  private static Path unpack(JarFile jar, String resource, Path folder) throws IOException {
    String inside = resource.substring(0, resource.lastIndexOf('/') + 1);
    List<JarEntry> entries =
        jar.stream()
            .filter(entry -> entry.getName().startsWith(inside) && !entry.isDirectory())
            .toList();
    Path unpacked = folder.resolve(name(jar, entries));
    if (!isComplete(unpacked, entries)) {
      try (UnpackingLock unpacking = UnpackingLock.in(folder)) {
        if (!isComplete(unpacked, entries)) {
          write(jar, entries, unpacked);
        }
      }
    }
    return unpacked.resolve(resource.substring(inside.length()));
  }

  private static void write(JarFile jar, List<JarEntry> entries, Path unpacked) throws IOException {
    if (Files.exists(unpacked)) {
      UnpackingLock.delete(unpacked);
    }
    Path unfinished = Files.createTempDirectory(unpacked.getParent(), UnpackingLock.UNFINISHED);
    try {
      for (JarEntry entry : entries) {
        try (InputStream bytes = jar.getInputStream(entry)) {
          Files.copy(bytes, unfinished.resolve(fileName(entry)));
        }
      }
      Files.move(unfinished, unpacked, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException noRoom) {
      UnpackingLock.delete(unfinished);
      throw noRoom;
    }
  }

  private static boolean isComplete(Path unpacked, List<JarEntry> entries) throws IOException {
    for (JarEntry entry : entries) {
      Path file = unpacked.resolve(fileName(entry));
      if (!Files.exists(file) || Files.size(file) != entry.getSize()) {
        return false;
      }
    }
    return true;
  }

  private static String name(JarFile jar, List<JarEntry> entries) {
    CRC32 digest = new CRC32();
    for (JarEntry entry : entries) {
      digest.update((entry.getName() + entry.getSize() + " " + entry.getCrc()).getBytes(UTF_8));
    }
    String file = Path.of(jar.getName()).getFileName().toString();
    return file.replaceFirst("\\.jar$", "") + "-" + Long.toHexString(digest.getValue());
  }

  private static String fileName(JarEntry entry) {
    return entry.getName().substring(entry.getName().lastIndexOf('/') + 1);
  }

  private static Failure missing(String resource) {
    return new Failure.Device(
        "No jar on the class path has the native library " + resource,
        "Build Merlon on the platform that it runs on; Linux on x86-64 is what is tested.");
  }
}

package dev.merlon.model.data.fetch;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;

/** How files are packed into one. */
enum ArchiveFormat {
  /** A tar archive, compressed by gzip. */
  TAR_GZ {
    @Override
    void each(Path archive, Visitor visitor) throws IOException {
      try (InputStream file = Files.newInputStream(archive);
          InputStream plain = new GZIPInputStream(new BufferedInputStream(file), BUFFER);
          TarArchiveInputStream tar = new TarArchiveInputStream(plain)) {
        for (TarArchiveEntry entry = tar.getNextEntry();
            entry != null;
            entry = tar.getNextEntry()) {
          visitor.visit(entry.getName(), content(entry), tar);
        }
      }
    }
  },

  /** A zip archive. */
  ZIP {
    @Override
    void each(Path archive, Visitor visitor) throws IOException {
      try (ZipFile zip = ZipFile.builder().setPath(archive).get()) {
        for (ZipArchiveEntry entry : Collections.list(zip.getEntriesInPhysicalOrder())) {
          try (InputStream content = zip.getInputStream(entry)) {
            visitor.visit(entry.getName(), content(entry), content);
          }
        }
      }
    }
  };

  private static final int BUFFER = 1 << 16;

  /** What an entry of an archive is. */
  enum Content {
    FILE,
    FOLDER,
    /** A link, a device, or something else that no data set needs. */
    OTHER
  }

  /** Is shown every entry. */
  @FunctionalInterface
  interface Visitor {
    /**
     * One entry.
     *
     * @param name as the archive has it: nothing is known about it
     * @param data the content of a file; not to be closed
     */
    void visit(String name, Content content, InputStream data) throws IOException;
  }

  /**
   * Shows every entry in the archive's order.
   *
   * @throws IOException if the archive is damaged or cannot be read, or the visitor fails
   */
  abstract void each(Path archive, Visitor visitor) throws IOException;

  private static Content content(TarArchiveEntry entry) {
    if (entry.isDirectory()) {
      return Content.FOLDER;
    }
    return entry.isFile() && !entry.isLink() && !entry.isSymbolicLink() && !entry.isSparse()
        ? Content.FILE
        : Content.OTHER;
  }

  private static Content content(ZipArchiveEntry entry) {
    if (entry.isDirectory()) {
      return Content.FOLDER;
    }
    return entry.isUnixSymlink() ? Content.OTHER : Content.FILE;
  }
}

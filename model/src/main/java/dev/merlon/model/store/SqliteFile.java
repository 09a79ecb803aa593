package dev.merlon.model.store;

import dev.merlon.config.failure.MerlonException;
import dev.merlon.config.failure.Unwritable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import org.sqlite.SQLiteConfig;

/**
 * A database file: made where there is none, readable for its owner alone since it holds points
 * near their inputs, and refused where SQLite could not keep its promises. Commits survive a loss
 * of power.
 *
 * @param file absolute
 */
record SqliteFile(Path file) {
  private static final int BUSY_MILLIS = 10_000;
  private static final int WAL_BYTES = 64 << 20;

  /**
   * Checks the place and makes an empty file where there is none.
   *
   * @throws dev.merlon.config.failure.MerlonException when it cannot be one
   */
  static SqliteFile at(Path path) {
    Path file = path.toAbsolutePath().normalize();
    try {
      Path folder = file.getParent();
      if (folder == null || Files.isDirectory(file)) {
        throw StoreProblem.unusable(file, "it is a folder");
      }
      Files.createDirectories(folder);
      NetworkFolder.type(folder)
          .ifPresent(
              type -> {
                throw StoreProblem.unusable(
                    file, "it lies on a file system of the network (" + type + ")");
              });
      create(file);
      if (!Files.isWritable(file) || !Files.isWritable(folder)) {
        throw StoreProblem.unusable(file, "it cannot be written");
      }
      return new SqliteFile(file);
    } catch (IOException refused) {
      throw unwritable(file, refused);
    }
  }

  private static MerlonException unwritable(Path file, IOException refused) {
    return Unwritable.of(
        "The store of verdicts " + file + " cannot be used",
        "Name another file with --store, or leave it out with --no-store.",
        refused);
  }

  private static void create(Path file) throws IOException {
    if (Files.exists(file)) {
      return;
    }
    boolean posix = FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
    FileAttribute<?>[] mine =
        posix
            ? new FileAttribute<?>[] {
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
            }
            : new FileAttribute<?>[0];
    try {
      Files.createFile(file, mine);
    } catch (FileAlreadyExistsException raced) {
      // Another process has just made it.
    }
  }

  /** A connection, which its user closes. */
  Connection connect() throws SQLException {
    SqliteLibrary.load();
    SQLiteConfig config = new SQLiteConfig();
    config.setBusyTimeout(BUSY_MILLIS);
    config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
    config.enforceForeignKeys(true);
    config.setJournalSizeLimit(WAL_BYTES);
    Connection connection = config.createConnection("jdbc:sqlite:" + file);
    try {
      WriteTransaction.execute(connection, "PRAGMA journal_mode = WAL");
      return connection;
    } catch (SQLException refused) {
      connection.close();
      throw refused;
    }
  }

  /**
   * Copies what is committed to a file beside this one. The copy is whole and on the disk when it
   * has its name, and no other is written over. Called by one process at a time: by whoever holds
   * the lock of writers.
   *
   * @param ending of the copy's name; a number follows where there is such a copy already
   * @throws dev.merlon.config.failure.MerlonException when it cannot be made
   */
  void copyBeside(String ending) throws SQLException {
    Path part = beside(ending + ".part");
    try {
      try {
        Files.deleteIfExists(part);
        create(part);
        // Not through the connection of the transaction, inside of which SQLite makes no copies.
        try (Connection connection = connect();
            PreparedStatement copy = connection.prepareStatement("VACUUM INTO ?")) {
          copy.setString(1, part.toString());
          copy.execute();
        }
        try (FileChannel written = FileChannel.open(part, StandardOpenOption.WRITE)) {
          written.force(true);
        }
        Files.move(part, free(ending));
      } finally {
        Files.deleteIfExists(part);
      }
    } catch (IOException refused) {
      throw unwritable(file, refused);
    }
  }

  private Path free(String ending) {
    Path copy = beside(ending);
    for (int n = 2; Files.exists(copy); n++) {
      copy = beside(ending + "." + n);
    }
    return copy;
  }

  private Path beside(String ending) {
    return file.resolveSibling(file.getFileName() + ending);
  }
}

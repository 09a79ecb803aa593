package dev.merlon.model.store;

import dev.merlon.model.natives.NativeFailure;
import dev.merlon.model.natives.UnpackedJar;
import java.nio.file.Path;
import org.sqlite.SQLiteJDBCLoader;
import org.sqlite.util.LibraryLoaderUtil;

/** SQLite's native library; it is loaded on first use. */
final class SqliteLibrary {
  private static final String FOLDER = "org.sqlite.lib.path";
  private static final String NAME = "org.sqlite.lib.name";

  private SqliteLibrary() {}

  // The driver's own loader would unpack the library into the temporary folder at every start.
  static synchronized void load() {
    String name = LibraryLoaderUtil.getNativeLibName();
    if (System.getProperty(FOLDER) == null) {
      String resource = LibraryLoaderUtil.getNativeLibResourcePath().substring(1) + "/" + name;
      Path library = UnpackedJar.library(resource);
      System.setProperty(FOLDER, library.resolveSibling("").toString());
      System.setProperty(NAME, name);
    }
    try {
      SQLiteJDBCLoader.initialize();
    } catch (Exception | LinkageError broken) {
      throw NativeFailure.of("SQLite could not be loaded", broken);
    }
  }
}

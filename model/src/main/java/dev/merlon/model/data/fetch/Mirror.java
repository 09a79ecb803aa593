package dev.merlon.model.data.fetch;

import dev.merlon.config.failure.MerlonException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;

/** A place that holds published files, as a person names it. */
public final class Mirror {
  private Mirror() {}

  /**
   * Reads an address with the scheme http, https or file, or the path of a directory.
   *
   * @return the address, with a slash at its end
   * @throws MerlonException (configuration) if it is neither
   */
  public static URI parse(String text) {
    URI place = text.matches("[A-Za-z][A-Za-z0-9+.-]+:.*") ? address(text) : directory(text);
    String path = place.toString();
    return path.endsWith("/") ? place : URI.create(path + "/");
  }

  private static URI address(String text) {
    try {
      URI place = URI.create(text);
      String scheme = place.getScheme().toLowerCase(Locale.ROOT);
      boolean remote = Set.of("http", "https").contains(scheme) && place.getHost() != null;
      boolean local = scheme.equals("file") && place.getPath() != null;
      if ((remote || local) && place.getQuery() == null && place.getFragment() == null) {
        return place;
      }
    } catch (IllegalArgumentException malformed) {
      // Refused below.
    }
    throw refused("'" + text + "' is no address of a place with files");
  }

  private static URI directory(String text) {
    try {
      Path directory = Path.of(text);
      if (!text.isBlank() && Files.isDirectory(directory)) {
        return directory.toAbsolutePath().normalize().toUri();
      }
    } catch (InvalidPathException malformed) {
      // Refused below.
    }
    throw refused("'" + text + "' is neither an address nor a directory");
  }

  private static MerlonException refused(String message) {
    return MerlonException.configuration(
        message, "Write it as https://HOST/PATH/, file:///PATH/ or the path of a directory.");
  }
}

package dev.merlon.actors.cli.work;

import com.typesafe.config.ConfigFactory;
import dev.merlon.actors.cli.terminal.Console;
import dev.merlon.model.data.ImageCache;
import java.nio.file.Path;

/** Where commands keep decoded images, by the key {@code merlon.data.cache}. */
final class DecodedImages {
  private DecodedImages() {}

  /** The cache, which tells the console what it does. */
  static ImageCache cache(Console console) {
    String directory =
        ConfigFactory.load(DecodedImages.class.getClassLoader()).getString("merlon.data.cache");
    return new ImageCache(absolute(directory), console::say);
  }

  private static Path absolute(String directory) {
    Path home = Path.of(System.getProperty("user.home"));
    return directory.startsWith("~/") ? home.resolve(directory.substring(2)) : Path.of(directory);
  }
}

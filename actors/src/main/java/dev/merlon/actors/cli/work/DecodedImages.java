package dev.merlon.actors.cli.work;

import com.typesafe.config.ConfigFactory;
import dev.merlon.actors.cli.terminal.Console;
import dev.merlon.config.home.MerlonHome;
import dev.merlon.model.data.ImageCache;
import java.nio.file.Path;

/**
 * Where commands keep decoded images, by the key {@code merlon.data.cache}, or in Merlon's home.
 */
final class DecodedImages {
  private DecodedImages() {}

  /** The cache, which tells the console what it does. */
  static ImageCache cache(Console console) {
    String directory =
        ConfigFactory.load(DecodedImages.class.getClassLoader()).getString("merlon.data.cache");
    Path folder = directory.isEmpty() ? MerlonHome.ofProcess().images() : Path.of(directory);
    return new ImageCache(folder, console::say);
  }
}

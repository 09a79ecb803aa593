package dev.merlon.actors.job;

import com.typesafe.config.ConfigFactory;
import dev.merlon.config.home.MerlonHome;
import dev.merlon.model.data.ImageCache;
import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * Where commands keep decoded images, by the key {@code merlon.data.cache}, or in Merlon's home.
 */
public final class DecodedImages {
  private DecodedImages() {}

  /**
   * The cache.
   *
   * @param lines told what it does
   */
  public static ImageCache cache(Consumer<String> lines) {
    String directory =
        ConfigFactory.load(DecodedImages.class.getClassLoader()).getString("merlon.data.cache");
    Path folder = directory.isEmpty() ? MerlonHome.ofProcess().images() : Path.of(directory);
    return new ImageCache(folder, lines);
  }
}

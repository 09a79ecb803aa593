package dev.merlon.actors;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import dev.merlon.config.failure.Failure;
import dev.merlon.config.failure.FirstLine;
import dev.merlon.config.failure.MerlonException;
import java.util.function.Function;

/** Reads a block of an actor system's configuration, which people change by Java properties. */
public final class Tuning {
  private Tuning() {}

  /**
   * What a block says.
   *
   * @param block its path, such as {@code merlon.verify}
   * @param reads turns it into values and checks them
   * @throws MerlonException (configuration) when it cannot be read
   */
  public static <T> T of(Config system, String block, Function<Config, T> reads) {
    try {
      return reads.apply(system.getConfig(block));
    } catch (ConfigException | IllegalArgumentException wrong) {
      String problem = FirstLine.of(wrong);
      throw new MerlonException(
          new Failure.Configuration(
              "The properties " + block + ".* cannot be used: " + problem,
              "Correct them where they are set, such as in MERLON_JAVA_OPTS."),
          wrong);
    }
  }
}

package dev.merlon.actors.link;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * How a child process is started and watched.
 *
 * @param name what people call it, such as {@code verifier 2}
 * @param command program and arguments; the socket's path is put behind them
 * @param environment variables set beside those of this process
 * @param log file that its output is appended to
 * @param mostTensorBytes what the tensors of one of its frames may have together
 * @param startup how long it may take until it has connected
 * @param silence how long it may give no sign of life
 */
public record EngineSpec(
    String name,
    List<String> command,
    Map<String, String> environment,
    Path log,
    long mostTensorBytes,
    Duration startup,
    Duration silence) {

  /** The variable that the child finds the link's secret in. */
  public static final String SECRET = "MERLON_LINK_SECRET";

  /** Copies the collections. */
  public EngineSpec {
    command = List.copyOf(command);
    environment = Map.copyOf(environment);
  }
}

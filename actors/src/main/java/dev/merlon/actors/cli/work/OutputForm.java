package dev.merlon.actors.cli.work;

import dev.merlon.actors.cli.terminal.Console;
import java.nio.file.Path;
import java.util.Optional;

/**
 * In which form a user wants what came out.
 *
 * @param out what {@code --out} names
 * @param json whether it is printed as JSON
 */
public record OutputForm(Optional<VerdictTarget> out, boolean json) {
  /** The option with which stored timeouts are asked again. */
  static final String RETRY = "--retry timeout";

  /** Where tables are printed. */
  Console tables(Console console) {
    return out.map(target -> target.tables(console)).orElse(console);
  }

  /** The file that keeps verdicts, if one does. */
  Optional<Path> file() {
    return out.flatMap(VerdictTarget::file);
  }
}

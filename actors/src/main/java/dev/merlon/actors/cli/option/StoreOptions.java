package dev.merlon.actors.cli.option;

import dev.merlon.actors.verification.StoreChoice;
import dev.merlon.config.failure.MerlonException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Options that say which store of verdicts is used. */
public final class StoreOptions {
  @Option(
      names = "--store",
      paramLabel = "FILE",
      description =
          "Look up and keep verdicts in this file. Default: certificates.db in Merlon's home"
              + " folder.")
  private Optional<Path> store = Optional.empty();

  @Option(names = "--no-store", description = "Ask everything anew, and keep nothing.")
  private boolean none;

  /** The same as they were typed, as words of a command. */
  public List<String> words() {
    List<String> words = new ArrayList<>(none ? List.of("--no-store") : List.of());
    store.ifPresent(file -> words.addAll(List.of("--store", Typed.quoted(file.toString()))));
    return words;
  }

  /**
   * What was chosen.
   *
   * @throws MerlonException (configuration) where options contradict each other
   */
  public StoreChoice chosen() {
    if (none && store.isPresent()) {
      throw MerlonException.configuration(
          "--store names what --no-store leaves out", "Leave one of them out.");
    }
    return none ? StoreChoice.NONE : store.map(StoreChoice::of).orElse(StoreChoice.USUAL);
  }
}

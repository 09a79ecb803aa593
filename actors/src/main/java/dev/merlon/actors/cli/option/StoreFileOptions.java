package dev.merlon.actors.cli.option;

import dev.merlon.actors.cli.work.StoreJob;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Options of the commands about a store itself. */
public final class StoreFileOptions {
  @Option(
      names = "--store",
      paramLabel = "FILE",
      description = "The store. Default: certificates.db in Merlon's home folder.")
  private Optional<Path> store = Optional.empty();

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  /** The store that is asked for. */
  public StoreJob.Asked chosen() {
    return new StoreJob.Asked(store, json);
  }
}

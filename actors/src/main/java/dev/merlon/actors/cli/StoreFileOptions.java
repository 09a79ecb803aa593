package dev.merlon.actors.cli;

import dev.merlon.actors.cli.work.StoreJob;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Options of the commands about a store itself. */
final class StoreFileOptions {
  @Option(
      names = "--store",
      paramLabel = "FILE",
      description = "The store. Default: certificates.db in Merlon's home folder.")
  private Optional<Path> store = Optional.empty();

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  StoreJob.Asked chosen() {
    return new StoreJob.Asked(store, json);
  }
}

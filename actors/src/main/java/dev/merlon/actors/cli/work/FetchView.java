package dev.merlon.actors.cli.work;

import dev.merlon.actors.cli.terminal.Console;
import dev.merlon.actors.cli.terminal.ProgressDisplay;
import dev.merlon.actors.cli.terminal.Sentence;
import dev.merlon.model.data.fetch.FetchListener;
import java.util.Optional;

/** Shows a fetch on the console: a bar for each kind of work, notes above it. */
final class FetchView implements FetchListener, AutoCloseable {
  private static final long MEGABYTE = 1_000_000;

  private final Console console;
  private Optional<ProgressDisplay> progress = Optional.empty();
  private long divisor = 1;

  FetchView(Console console) {
    this.console = console;
  }

  @Override
  public void begin(Work work, long done, long total) {
    end();
    boolean download = work == Work.DOWNLOAD;
    divisor = download ? MEGABYTE : 1;
    progress =
        Optional.of(
            ProgressDisplay.on(
                console,
                download ? "Downloading" : "Unpacking",
                download ? "MB" : "files",
                units(done),
                units(total)));
  }

  private long units(long amount) {
    return (amount + divisor - 1) / divisor;
  }

  @Override
  public void at(long done, String name) {
    progress.ifPresent(shown -> shown.at(units(done), name));
  }

  @Override
  public void end() {
    progress.ifPresent(ProgressDisplay::close);
    progress = Optional.empty();
  }

  @Override
  public void note(String line) {
    String text = "Note: " + Sentence.of(line);
    progress.ifPresentOrElse(shown -> shown.say(text), () -> console.say(text));
  }

  @Override
  public void close() {
    end();
  }
}

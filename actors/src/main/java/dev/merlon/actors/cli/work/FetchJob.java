package dev.merlon.actors.cli.work;

import dev.merlon.actors.Amounts;
import dev.merlon.actors.cli.terminal.Console;
import dev.merlon.actors.cli.terminal.Json;
import dev.merlon.config.data.DataKind;
import dev.merlon.config.failure.MerlonException;
import dev.merlon.model.data.fetch.FetchReport;
import dev.merlon.model.data.fetch.FetchReport.Fetched;
import dev.merlon.model.data.fetch.Fetcher;
import java.net.URI;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The download of one data set as a user sees it. */
public final class FetchJob {
  private final CommandContext context;

  /** One that talks to the user through this context. */
  public FetchJob(CommandContext context) {
    this.context = context;
  }

  /**
   * What a user asked for.
   *
   * @param directory where the data set goes
   * @param mirror the place of the files, if not the known ones
   * @param json whether the result is printed as JSON
   */
  public record Order(DataKind kind, Path directory, Optional<URI> mirror, boolean json) {}

  /**
   * Fetches, prints what is there now, and gives the exit code.
   *
   * @throws MerlonException when it cannot be done, or somebody asked to stop
   */
  public ExitCode run(Order order) {
    long begun = System.nanoTime();
    FetchReport report = fetch(order);
    double seconds = (System.nanoTime() - begun) / 1e9;
    Console console = context.console();
    if (order.json()) {
      console.print(Json.line(fields(order, report, seconds)));
    } else {
      report.files().forEach(file -> console.print(line(file)));
      console.print(
          order.kind().word()
              + (report.unpacked() ? " is unpacked in " : " is in ")
              + order.directory());
    }
    return ExitCode.DONE;
  }

  // A request to stop interrupts this thread, which leaves what it has downloaded.
  private FetchReport fetch(Order order) {
    Thread fetching = Thread.currentThread();
    try (FetchView view = new FetchView(context.console())) {
      try (var registration = context.interrupts().during(code -> fetching.interrupt())) {
        return new Fetcher(view).fetch(order.kind(), order.directory(), order.mirror());
      } finally {
        Thread.interrupted();
      }
    }
  }

  private static String line(Fetched file) {
    return "%-11s %s, %s, SHA-256 %s"
        .formatted(
            state(file),
            file.file().name(),
            Amounts.bytes(file.file().bytes()),
            file.file().sha256());
  }

  private static String state(Fetched file) {
    if (file.from().isEmpty()) {
      return "present";
    }
    return file.kept() > 0 ? "continued" : "downloaded";
  }

  private static Map<String, ?> fields(Order order, FetchReport report, double seconds) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("data", order.kind().word());
    fields.put("directory", order.directory().toString());
    fields.put("files", report.files().stream().map(FetchJob::fields).toList());
    fields.put("unpacked", report.unpacked());
    fields.put("seconds", Math.round(10 * seconds) / 10.0);
    return fields;
  }

  private static Map<String, ?> fields(Fetched file) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("name", file.file().name());
    fields.put("bytes", file.file().bytes());
    fields.put("sha256", file.file().sha256());
    fields.put("state", state(file));
    file.from().ifPresent(place -> fields.put("from", place.toString()));
    return fields;
  }
}

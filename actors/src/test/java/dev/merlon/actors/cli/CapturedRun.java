package dev.merlon.actors.cli;

import dev.merlon.actors.cli.option.Version;
import dev.merlon.actors.cli.terminal.Console;
import dev.merlon.actors.cli.work.CommandContext;
import dev.merlon.actors.cli.work.Interrupts;
import dev.merlon.actors.cli.work.LogFile;
import dev.merlon.actors.verification.StoreHome;
import dev.merlon.model.store.Prover;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import picocli.CommandLine;

/**
 * One command run inside this process with its streams captured.
 *
 * @param code exit code
 * @param out what went to standard output
 * @param err what went to standard error
 */
public record CapturedRun(int code, String out, String err) {
  private static final AtomicInteger RUNS = new AtomicInteger();

  /** Every command with its options. */
  public static CommandLine commandLine() {
    Console console = Console.plain(System.out, System.err);
    return new Application(console, new Interrupts(code -> {})).commandLine();
  }

  /** Runs a command whose logs and verdicts would go below {@code home}. */
  public static CapturedRun of(Path home, String... arguments) {
    var interrupts = new Interrupts(code -> {});
    return of(home, interrupts, arguments);
  }

  /** Runs a command whose usual store of verdicts is this file. */
  static CapturedRun with(Path home, Path store, String... arguments) {
    return of(home, store, new Interrupts(code -> {}), arguments);
  }

  static CapturedRun of(Path home, Interrupts interrupts, String... arguments) {
    // A store of its own for every run: none answers for another.
    Path store = home.resolve("store-" + RUNS.incrementAndGet()).resolve("certificates.db");
    return of(home, store, interrupts, arguments);
  }

  private static CapturedRun of(Path home, Path store, Interrupts interrupts, String... arguments) {
    var out = new ByteArrayOutputStream();
    var err = new ByteArrayOutputStream();
    Console console = Console.plain(stream(out), stream(err));
    var context =
        new CommandContext(
            console,
            interrupts,
            new LogFile(home.resolve("log")),
            "./merlon",
            new StoreHome(() -> store, Prover.of(Version.current())));
    int code = new Application(context).run(List.of(arguments));
    return new CapturedRun(
        code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  /** The only line of standard error. */
  public Optional<String> onlyErrorLine() {
    List<String> lines = err.lines().toList();
    return lines.size() == 1 ? Optional.of(lines.get(0)) : Optional.empty();
  }

  private static PrintStream stream(ByteArrayOutputStream bytes) {
    return new PrintStream(bytes, true, StandardCharsets.UTF_8);
  }
}

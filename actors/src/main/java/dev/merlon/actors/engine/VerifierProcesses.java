package dev.merlon.actors.engine;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import com.typesafe.config.Config;
import dev.merlon.actors.Tuning;
import dev.merlon.actors.link.EngineJvm;
import dev.merlon.actors.link.EngineProcess;
import dev.merlon.actors.link.EngineSpec;
import dev.merlon.actors.link.LinkFolder;
import dev.merlon.actors.verification.EngineProcesses;
import dev.merlon.config.failure.Failure;
import dev.merlon.config.failure.FirstLine;
import dev.merlon.config.failure.MerlonException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Processes of verifiers on this machine, as the block {@code merlon.verify.process} of
 * reference.conf says. Owns the folder of their sockets; closed when they are gone.
 */
public final class VerifierProcesses implements EngineProcesses, AutoCloseable {
  /** What a frame of answers may carry in tensors: none. */
  private static final long NO_TENSORS = 0;

  private final LinkFolder folder;
  private final Path logs;
  private final Terms terms;

  /**
   * How processes are started and used.
   *
   * @param heap Java heap of each, such as {@code 1g}
   * @param threads threads of one tensor operation; 0 = as many as in this process
   * @param nice 0 to 19
   * @param models opened by one until it is replaced, at least 1
   * @param age of one until it is replaced
   * @param memory resident bytes of one until it is replaced
   * @param startup how long a start may take
   * @param silence how long one may give no sign of life
   */
  record Terms(
      String heap,
      int threads,
      int nice,
      int models,
      Duration age,
      long memory,
      Duration startup,
      Duration silence) {
    static Terms read(Config process) {
      return new Terms(
          process.getString("heap"),
          process.getInt("threads"),
          process.getInt("nice"),
          process.getInt("models"),
          process.getDuration("age"),
          process.getBytes("memory"),
          process.getDuration("startup"),
          process.getDuration("silence"));
    }
  }

  private VerifierProcesses(LinkFolder folder, Path logs, Terms terms) {
    this.folder = folder;
    this.logs = logs;
    this.terms = terms;
  }

  /**
   * Makes ready; nothing is started yet.
   *
   * @param system configuration that has the block
   * @param logs folder of their logs and crash reports
   * @throws MerlonException when the block cannot be read, or no folder for sockets can be made
   */
  public static VerifierProcesses prepare(Config system, Path logs) {
    Terms terms = Tuning.of(system, "merlon.verify.process", Terms::read);
    try {
      return new VerifierProcesses(LinkFolder.make(), logs, terms);
    } catch (IOException failed) {
      throw new MerlonException(
          new Failure.Device(
              "No folder for the sockets of verifiers' processes can be made: "
                  + FirstLine.of(failed),
              "Make XDG_RUNTIME_DIR or /tmp writable, or run without --isolate."),
          failed);
    }
  }

  @Override
  public Behavior<EngineProcess.Command> verifier(
      String name, ActorRef<EngineProcess.Event> owner) {
    EngineJvm jvm = new EngineJvm(terms.heap(), threads(), terms.nice(), logs);
    EngineSpec spec =
        new EngineSpec(
            name,
            jvm.command(EngineMain.class.getName(), List.of(EngineMain.VERIFY)),
            jvm.environment(),
            logs.resolve(name + ".log"),
            NO_TENSORS,
            terms.startup(),
            terms.silence());
    return EngineProcess.create(spec, folder, owner);
  }

  private int threads() {
    return terms.threads() > 0
        ? terms.threads()
        : Optional.ofNullable(System.getenv("OMP_NUM_THREADS"))
            .map(Integer::parseInt)
            .orElseGet(() -> Runtime.getRuntime().availableProcessors());
  }

  @Override
  public boolean isWornOut(int models, long ageNanos, long residentBytes) {
    return models >= terms.models()
        || ageNanos > terms.age().toNanos()
        || residentBytes > terms.memory();
  }

  @Override
  public Duration grace() {
    return terms.silence();
  }

  /** Removes the folder of sockets. */
  @Override
  public void close() {
    try {
      folder.close();
    } catch (IOException leftOver) {
      throw new UncheckedIOException(leftOver);
    }
  }
}

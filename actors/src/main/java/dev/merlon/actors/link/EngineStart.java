package dev.merlon.actors.link;

import dev.merlon.config.failure.FirstLine;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A child process that is being started or runs: waiting for it blocks threads of its own, and none
 * of an actor. Thread-safe.
 */
final class EngineStart {
  private static final File NOTHING = new File("/dev/null");

  private final EngineSpec spec;
  private final LinkFolder folder;
  private final Listener listener;
  private Optional<Process> process = Optional.empty();
  private Optional<LinkSocket> socket = Optional.empty();
  private boolean killed;

  /** Told how it goes, by several threads. */
  interface Listener {
    /** It is there. */
    void connected(String name, LinkSocket.Connected sockets);

    /** No process could be started, for this reason. */
    void failed(String reason);

    /** It has ended, connected or not. */
    void exited(int code);
  }

  private EngineStart(EngineSpec spec, LinkFolder folder, Listener listener) {
    this.spec = spec;
    this.folder = folder;
    this.listener = listener;
  }

  /** Begins. */
  static EngineStart begin(EngineSpec spec, LinkFolder folder, Listener listener) {
    EngineStart start = new EngineStart(spec, folder, listener);
    Thread thread = new Thread(start::run, threadName(spec) + "-start");
    thread.setDaemon(true);
    thread.start();
    return start;
  }

  private static String threadName(EngineSpec spec) {
    return "merlon-" + spec.name().replace(' ', '-');
  }

  private void run() {
    try {
      connect();
    } catch (IOException failed) {
      // What was started and is not heard is told by its end.
      if (process().isEmpty()) {
        listener.failed(FirstLine.of(failed));
        return;
      }
    }
    process().ifPresent(this::awaitEnd);
  }

  private void connect() throws IOException {
    try (LinkSocket listening = LinkSocket.listen(folder.next(), spec.mostTensorBytes())) {
      if (launched(listening)) {
        listener.connected(threadName(spec), listening.accept());
      }
    }
  }

  private void awaitEnd(Process running) {
    listener.exited(running.onExit().join().exitValue());
  }

  private synchronized boolean launched(LinkSocket listening) throws IOException {
    if (killed) {
      listener.failed("it was given up before it was up");
      return false;
    }
    Files.createDirectories(spec.log().toAbsolutePath().getParent());
    List<String> command = new ArrayList<>(spec.command());
    command.add(listening.path().toString());
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectInput(ProcessBuilder.Redirect.from(NOTHING))
            .redirectOutput(ProcessBuilder.Redirect.appendTo(spec.log().toFile()));
    builder.environment().putAll(spec.environment());
    builder.environment().put(EngineSpec.SECRET, listening.secret());
    Process started = builder.start();
    process = Optional.of(started);
    socket = Optional.of(listening);
    closeAfter(started, listening);
    return true;
  }

  // Nobody connects any more, and nothing follows from that.
  @SuppressWarnings("FutureReturnValueIgnored")
  private static void closeAfter(Process started, LinkSocket listening) {
    started.onExit().thenRun(() -> close(listening));
  }

  private synchronized Optional<Process> process() {
    return process;
  }

  private static void close(LinkSocket socket) {
    try {
      socket.close();
    } catch (IOException leftOver) {
      // The folder is removed as a whole.
    }
  }

  /** The process's number; 0 where there is none. */
  synchronized long pid() {
    return process.map(Process::pid).orElse(0L);
  }

  /** Kills the process, or does not start it. */
  synchronized void kill() {
    killed = true;
    process.ifPresent(Process::destroyForcibly);
    socket.ifPresent(EngineStart::close);
  }
}

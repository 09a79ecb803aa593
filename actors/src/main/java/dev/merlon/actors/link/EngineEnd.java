package dev.merlon.actors.link;

import java.time.Duration;

/** How a child process ended. */
public sealed interface EngineEnd {

  /** What happened, as the end of a sentence about the process. */
  String words();

  /** It could not be started, or did not come up in time. */
  record NotStarted(String reason) implements EngineEnd {
    @Override
    public String words() {
      return "could not be started: " + reason;
    }
  }

  /** It exited by itself, or because it was asked to. */
  record Exited(int code) implements EngineEnd {
    // The launcher's JVM options end a process so whose Java heap is full.
    private static final int HEAP_FULL = 3;

    @Override
    public String words() {
      return code == HEAP_FULL
          ? "ended with code 3, as it does when its Java heap is full"
          : "ended with code " + code;
    }
  }

  /** A signal ended it: a crash of native code, or somebody's kill. */
  record Killed(int signal) implements EngineEnd {
    private static final int ABORT = 6;
    private static final int KILL = 9;
    private static final int SEGMENT = 11;

    @Override
    public String words() {
      return switch (signal) {
        case KILL -> "was killed (signal 9), by somebody or by the system for want of memory";
        case SEGMENT, ABORT -> "crashed (signal " + signal + ")";
        default -> "was ended by signal " + signal;
      };
    }
  }

  /** It gave no sign of life for so long, and was killed. */
  record Hung(Duration silence) implements EngineEnd {
    @Override
    public String words() {
      return "gave no sign of life for " + silence.toSeconds() + " s and was killed";
    }
  }

  /** It was asked to end, did not within that time, and was killed. */
  record Overdue(Duration grace) implements EngineEnd {
    @Override
    public String words() {
      return "did not end within " + grace.toSeconds() + " s and was killed";
    }
  }

  /** It sent what is no message, and was killed. */
  record Garbled(String reason) implements EngineEnd {
    @Override
    public String words() {
      return "sent what is no message (" + reason + ") and was killed";
    }
  }
}

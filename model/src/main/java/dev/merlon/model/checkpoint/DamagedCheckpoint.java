package dev.merlon.model.checkpoint;

import java.io.IOException;

/** A file that is not a complete, unchanged checkpoint; the message says what is wrong with it. */
public final class DamagedCheckpoint extends IOException {
  private static final long serialVersionUID = 1L;

  DamagedCheckpoint(String problem) {
    super(problem);
  }

  DamagedCheckpoint(String problem, Throwable cause) {
    super(problem, cause);
  }
}

package dev.merlon.actors.report;

import dev.merlon.config.failure.Failure;
import dev.merlon.config.failure.FileReason;
import dev.merlon.config.failure.MerlonException;
import dev.merlon.proto.Digests;
import java.io.IOException;
import java.nio.file.Path;

/** Model files as they lie on the disk. */
final class RunModels {
  private RunModels() {}

  /** SHA-256 of a file, as models are named by. */
  static String digest(Path model) {
    try {
      return Digests.ofFile(model);
    } catch (IOException unreadable) {
      throw new MerlonException(
          new Failure.ModelFormat(
              model + " cannot be read: " + FileReason.of(unreadable), "Check its permissions."),
          unreadable);
    }
  }
}

package dev.merlon.model.natives;

import dev.merlon.config.failure.Failure;
import dev.merlon.config.failure.FileReason;
import dev.merlon.config.failure.MerlonException;
import java.io.IOException;
import java.util.Optional;

/** Why native code could not be loaded, in one line. */
public final class NativeFailure {
  private NativeFailure() {}

  /**
   * A failure of the device.
   *
   * @param what such as {@code The engine could not be loaded}
   */
  public static MerlonException of(String what, Throwable problem) {
    return new MerlonException(
        new Failure.Device(
            what + ": " + reason(problem),
            "Run `merlon doctor`; MERLON_HOME names the folder for native libraries, which needs 1"
                + " GB of room."),
        problem);
  }

  // What the file system said is the reason; what was thrown because of it only says where.
  private static String reason(Throwable problem) {
    for (Optional<Throwable> cause = Optional.of(problem);
        cause.isPresent();
        cause = cause.map(Throwable::getCause)) {
      if (cause.get() instanceof IOException refused) {
        return FileReason.of(refused);
      }
    }
    return Optional.ofNullable(problem.getMessage()).orElse(problem.getClass().getSimpleName());
  }
}

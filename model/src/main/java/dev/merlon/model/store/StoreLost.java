package dev.merlon.model.store;

import dev.merlon.config.failure.Failure;
import dev.merlon.config.failure.MerlonException;

/** A store that was open cannot be read or written any more. */
public final class StoreLost extends MerlonException {
  private static final long serialVersionUID = 1;

  StoreLost(Failure failure, Throwable cause) {
    super(failure, cause);
  }
}

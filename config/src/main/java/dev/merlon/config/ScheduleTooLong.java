package dev.merlon.config;

import dev.merlon.config.failure.Failure;
import dev.merlon.config.failure.MerlonException;
import java.util.List;

/** A schedule that reaches beyond the end of the run, and overrides that shrink it with the run. */
public final class ScheduleTooLong extends MerlonException {
  private static final long serialVersionUID = 1L;

  private final List<String> fitting;

  ScheduleTooLong(Failure.Configuration failure, List<String> fitting) {
    super(failure);
    this.fitting = List.copyOf(fitting);
  }

  /** Overrides that can be loaded: those that were refused, and those that shrink the schedule. */
  public List<String> fitting() {
    return fitting;
  }
}

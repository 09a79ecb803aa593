package dev.merlon.model.bound.linear;

/** Ends a computation of bounds whose time is up; what it had found so far is lost. */
public final class OutOfTime extends RuntimeException {
  private static final long serialVersionUID = 1;

  OutOfTime() {
    super("time is up", null, false, false);
  }
}

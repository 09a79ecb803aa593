package dev.merlon.config;

/** Carries a {@link Failure} to whoever reports it; its message is the failure's message. */
public class MerlonException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final Failure failure;

  public MerlonException(Failure failure) {
    super(failure.message());
    this.failure = failure;
  }

  public MerlonException(Failure failure, Throwable cause) {
    super(failure.message(), cause);
    this.failure = failure;
  }

  /** What went wrong. */
  public final Failure failure() {
    return failure;
  }
}

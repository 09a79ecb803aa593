package dev.merlon.config.failure;

/** Carries a {@link Failure} to whoever reports it; its message is the failure's message. */
public class MerlonException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final Failure failure;

  /** A failure that nothing else caused. */
  public MerlonException(Failure failure) {
    super(failure.message());
    this.failure = failure;
  }

  /** A failure because of something that was thrown. */
  public MerlonException(Failure failure, Throwable cause) {
    super(failure.message(), cause);
    this.failure = failure;
  }

  /**
   * A setting, preset, option or file name that cannot be used.
   *
   * @param message what is wrong and where, in one line
   * @param remedy what the reader can do about it, in one line
   */
  public static MerlonException configuration(String message, String remedy) {
    return new MerlonException(new Failure.Configuration(message, remedy));
  }

  /** Data that cannot be used; otherwise as {@link #configuration}. */
  public static MerlonException data(String message, String remedy) {
    return new MerlonException(new Failure.Data(message, remedy));
  }

  /** A model file that cannot be used; otherwise as {@link #configuration}. */
  public static MerlonException modelFormat(String message, String remedy) {
    return new MerlonException(new Failure.ModelFormat(message, remedy));
  }

  /** What the machine did not do; otherwise as {@link #configuration}. */
  public static MerlonException device(String message, String remedy) {
    return new MerlonException(new Failure.Device(message, remedy));
  }

  /** What went wrong. */
  public final Failure failure() {
    return failure;
  }
}

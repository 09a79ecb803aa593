package dev.merlon.model.tensor;

import dev.merlon.config.failure.Failure;
import dev.merlon.config.failure.MerlonException;
import java.util.Optional;
import java.util.regex.Pattern;

/** Memory that ran out: which one, and what can be done about it. */
public enum MemoryShortage {
  /** What the Java virtual machine keeps: images, copies of weights, verdicts. */
  JAVA("Java memory", "Raise MERLON_HEAP, which holds images, copies of weights and verdicts."),
  /** What native libraries ask the system for: tensors, and sessions of ONNX Runtime. */
  NATIVE(
      "memory outside of Java, where tensors lie",
      "Free memory or ask for less at a time: lower batch-size or raise optimizer.accumulate in"
          + " training, lower merlon.verify.memory in certification; a lower MERLON_HEAP leaves"
          + " more for tensors.");

  private static final Pattern SAYS_NATIVE =
      Pattern.compile(
          "can't allocate memory|bad_alloc|bad allocation|failed to allocate memory|out of memory",
          Pattern.CASE_INSENSITIVE);

  private final String words;
  private final String remedy;

  MemoryShortage(String words, String remedy) {
    this.words = words;
    this.remedy = remedy;
  }

  /** The memory whose end a problem, or one behind it, tells of. */
  public static Optional<MemoryShortage> in(Throwable problem) {
    return of(problem)
        .or(() -> Optional.ofNullable(problem.getCause()).flatMap(MemoryShortage::in));
  }

  /**
   * The failure of what it stopped.
   *
   * @param what at the beginning of a sentence
   */
  public Failure failure(String what) {
    return new Failure.Device(what + " ran out of " + words, remedy);
  }

  private static Optional<MemoryShortage> of(Throwable problem) {
    String message = String.valueOf(problem.getMessage());
    if (problem instanceof OutOfMemoryError) {
      return Optional.of(message.contains("native thread") ? NATIVE : JAVA);
    }
    boolean says = !(problem instanceof MerlonException) && SAYS_NATIVE.matcher(message).find();
    return says ? Optional.of(NATIVE) : Optional.empty();
  }
}

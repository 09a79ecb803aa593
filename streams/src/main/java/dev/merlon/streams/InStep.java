package dev.merlon.streams;

/** A value together with the step it belongs to. */
public record InStep<T>(StepContext context, T value) {

  /** What another value is in the same step. */
  public <R> InStep<R> with(R other) {
    return new InStep<>(context, other);
  }
}

package dev.merlon.model.verify;

import dev.merlon.model.verify.ladder.Progress;
import dev.merlon.model.verify.specification.Specification;

/** Something that waits for an answer. */
public sealed interface Pending permits PendingQuery, PendingProperty {

  /**
   * What is asked, as linear conditions on the outputs.
   *
   * @param outputs how many the model has
   */
  Specification<?> specification(int outputs);

  /** What is known of it. */
  Progress progress();

  /** Whether both are about one and the same question, whatever is known of it. */
  boolean asksTheSame(Pending other);
}

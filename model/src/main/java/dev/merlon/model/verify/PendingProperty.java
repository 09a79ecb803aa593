package dev.merlon.model.verify;

import dev.merlon.model.verify.ladder.Progress;
import dev.merlon.model.verify.specification.Specification;
import dev.merlon.model.verify.vnnlib.InputBox;
import dev.merlon.model.verify.vnnlib.VnnLibProperty;

/**
 * A property of a model's inputs and outputs that waits for an answer.
 *
 * @param progress what is known of it
 */
public record PendingProperty(VnnLibProperty property, Progress progress) implements Pending {

  /** A property that nobody has worked on. */
  public static PendingProperty fresh(VnnLibProperty property) {
    return new PendingProperty(property, Progress.NONE);
  }

  @Override
  public Specification<InputBox> specification(int outputs) {
    return property.specification();
  }

  @Override
  public boolean asksTheSame(Pending other) {
    return other instanceof PendingProperty that && property.equals(that.property);
  }
}

package dev.merlon.model.verify.property;

import dev.merlon.model.verify.ladder.OpenWork;
import dev.merlon.model.verify.ladder.Progress;
import dev.merlon.model.verify.specification.Conjunction;
import dev.merlon.model.verify.specification.Specification.Region;
import dev.merlon.model.verify.verdict.Counterexample;
import dev.merlon.model.verify.verdict.Outcome;
import dev.merlon.model.verify.verdict.Rung;
import dev.merlon.model.verify.vnnlib.InputBox;
import dev.merlon.model.verify.vnnlib.Witness;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** One region of a property while the rungs are climbed. All regions share the property's time. */
final class OpenRegion extends OpenWork {
  private final Region<InputBox> region;
  private final Common common;
  private List<Conjunction> cases;

  /**
   * @param common what all regions of the property have
   */
  OpenRegion(Region<InputBox> region, Common common) {
    super(Progress.NONE);
    this.region = region;
    this.common = common;
    this.cases = region.cases();
  }

  /** What the regions of a property have in common. */
  static final class Common {
    private Optional<PropertyAnswer> refuted = Optional.empty();
    private long spentNanos;

    /** The counterexample of one of them, which is one of the property. */
    Optional<PropertyAnswer> refuted() {
      return refuted;
    }
  }

  Region<InputBox> region() {
    return region;
  }

  /** What is left of it. */
  OpenPart part() {
    return OpenPart.of(region).with(cases);
  }

  /** Whether it matters whether it has a counterexample. */
  @Override
  public boolean open() {
    return super.open() && common.refuted.isEmpty();
  }

  /** Keeps the conjunctions that a rung has not excluded, and ends it where there are none. */
  void keep(List<Conjunction> remaining, Rung rung, String how) {
    cases = remaining;
    if (remaining.isEmpty()) {
      end(new Outcome.Excluded(rung, how));
    }
  }

  /** Ends it, and its property. */
  void refute(Witness witness, Rung rung, String how) {
    end(new Outcome.Falsified(rung, Counterexample.at(witness.floats())));
    common.refuted = Optional.of(PropertyAnswer.sat(witness, how));
  }

  @Override
  public String progress() {
    return String.format(Locale.ROOT, "open cases %d of %d", cases.size(), region.cases().size());
  }

  @Override
  protected long spentNanos() {
    return common.spentNanos;
  }

  @Override
  protected void spend(long nanos) {
    common.spentNanos += nanos;
  }
}

package dev.merlon.model.verify.property;

import dev.merlon.model.verify.ladder.BoxSubproblem;
import dev.merlon.model.verify.ladder.OpenWork;
import dev.merlon.model.verify.ladder.RegionProgress;
import dev.merlon.model.verify.specification.Conjunction;
import dev.merlon.model.verify.specification.Specification.Region;
import dev.merlon.model.verify.verdict.Outcome;
import dev.merlon.model.verify.verdict.Rung;
import dev.merlon.model.verify.vnnlib.InputBox;
import dev.merlon.model.verify.vnnlib.Witness;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * One region of a property while the rungs are climbed: the subproblems outside of which it has no
 * counterexample, at first one. All regions share the property's time.
 */
final class OpenRegion extends OpenWork {
  private final Region<InputBox> region;
  private final Common common;
  private List<BoxSubproblem> left;

  /** A region that nobody has worked on. */
  OpenRegion(Region<InputBox> region, Common common) {
    super(Set.of(), 0);
    this.region = region;
    this.common = common;
    this.left = List.of(whole(region));
  }

  /** A region that somebody has worked on. */
  OpenRegion(Region<InputBox> region, Common common, RegionProgress progress) {
    super(progress.tried(), 0);
    this.region = region;
    this.common = common;
    this.left = progress.open();
    progress.outcome().ifPresent(super::end);
  }

  /** What the regions of a property have in common. */
  static final class Common {
    private Optional<Outcome> refuted = Optional.empty();
    private long spentNanos;

    /**
     * @param spentNanos time that was spent on the property before
     */
    Common(long spentNanos) {
      this.spentNanos = spentNanos;
    }

    /** The counterexample of one of them, which is one of the property. */
    Optional<Outcome> refuted() {
      return refuted;
    }

    /** Time spent on the property. */
    long spentNanos() {
      return spentNanos;
    }
  }

  Region<InputBox> region() {
    return region;
  }

  /** All of a region. */
  static BoxSubproblem whole(Region<InputBox> region) {
    return new BoxSubproblem(region.inputs().lower(), region.inputs().upper(), region.cases());
  }

  /** What is left of it, as one subproblem. */
  BoxSubproblem subproblem() {
    return left.size() == 1 ? left.get(0) : whole(region).with(cases());
  }

  /** The subproblems that are left, the next to be worked on first. */
  List<BoxSubproblem> left() {
    return left;
  }

  /** Notes what is left. */
  void leave(Collection<BoxSubproblem> subproblems) {
    left = List.copyOf(subproblems);
  }

  /** The conjunctions that are not excluded everywhere. */
  private List<Conjunction> cases() {
    Set<Conjunction> open = new HashSet<>();
    left.forEach(subproblem -> open.addAll(subproblem.cases()));
    return region.cases().stream().filter(open::contains).toList();
  }

  /** Whether it matters whether it has a counterexample. */
  @Override
  public boolean open() {
    return super.open() && common.refuted.isEmpty();
  }

  /** Keeps the conjunctions that a rung has not excluded, and ends it where there are none. */
  void keep(List<Conjunction> remaining, Rung rung, String how) {
    Set<Conjunction> kept = new HashSet<>(remaining);
    left =
        left.stream()
            .map(one -> one.with(one.cases().stream().filter(kept::contains).toList()))
            .filter(one -> !one.cases().isEmpty())
            .toList();
    if (left.isEmpty()) {
      end(new Outcome.Excluded(rung, how));
    }
  }

  /** Ends it, and its property. */
  void refute(Witness witness, Rung rung, String how) {
    Outcome outcome = new Outcome.Refuted(rung, witness, how);
    end(outcome);
    common.refuted = Optional.of(outcome);
  }

  /** What is known of it. */
  RegionProgress known() {
    return new RegionProgress(tried(), left, outcome());
  }

  @Override
  public String progress() {
    return String.format(Locale.ROOT, "open cases %d of %d", cases().size(), region.cases().size());
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

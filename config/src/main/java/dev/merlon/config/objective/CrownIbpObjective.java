package dev.merlon.config.objective;

import dev.merlon.config.value.Check;
import dev.merlon.config.value.SettingsReader;
import dev.merlon.config.value.SettingsWriter;

/**
 * Margins by one backward pass over interval bounds, mixed with interval margins (Zhang et al.
 * 2020): {@code beta crown-ibp + (1-beta) ibp}, {@code beta} linear in the radius.
 *
 * @param startShare {@code beta} at radius 0, in {@code [0, 1]}
 * @param endShare {@code beta} at the final radius, in {@code [0, 1]}
 * @param concretise where the backward pass is concretised
 * @param lossFusion whether the loss itself is bounded, by one row instead of one per class (Xu et
 *     al. 2020); there are no margins then
 */
public record CrownIbpObjective(
    double startShare,
    double endShare,
    Concretisation concretise,
    boolean lossFusion,
    WeightSchedule robustWeight)
    implements ObjectiveSettings {
  /** Checks the values. */
  public CrownIbpObjective {
    Check.within("crown-share.start", startShare, 0, 1);
    Check.within("crown-share.end", endShare, 0, 1);
  }

  /** {@code beta} where the radius has grown to this share of its final value. */
  public double share(double grown) {
    return startShare + (endShare - startShare) * grown;
  }

  @Override
  public String kind() {
    return ObjectiveKind.CROWN_IBP.word();
  }

  @Override
  public <T> T accept(ObjectiveVisitor<T> visitor) {
    return visitor.crownIbp(this);
  }

  @Override
  public void writeOwn(SettingsWriter writer) {
    writer.section(
        "crown-share",
        section -> {
          section.decimal("start", startShare);
          section.decimal("end", endShare);
        });
    writer.choice("concretise", concretise);
    writer.flag("loss-fusion", lossFusion);
  }

  static CrownIbpObjective read(SettingsReader reader) {
    return new CrownIbpObjective(
        reader.section("crown-share", section -> section.decimal("start")),
        reader.section("crown-share", section -> section.decimal("end")),
        reader.choice("concretise", Concretisation.class),
        reader.flag("loss-fusion"),
        reader.section("robust-weight", WeightSchedule::read));
  }
}

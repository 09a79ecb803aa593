package dev.merlon.config.objective;

import dev.merlon.config.training.ScheduleSettings;
import dev.merlon.config.value.Check;
import dev.merlon.config.value.SettingsReader;
import dev.merlon.config.value.SettingsWriter;
import dev.merlon.config.value.ThreatSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Training against several norms at once (CURE): SABR's loss for each norm, combined.
 *
 * @param threats norms and final radii, the first of them those of the schedule; two or more. The
 *     other radii grow in proportion to the first
 * @param boxes the small box of each norm, in the order of the threats
 * @param weights of the losses (joint), one for each threat, adding up to 1; equal where empty
 * @param alignment of the bounds of two norms (scratch, finetune)
 * @param projection of natural updates (scratch)
 */
public record CureObjective(
    CureForm form,
    List<ThreatSpec> threats,
    List<SmallBoxSettings> boxes,
    List<Double> weights,
    Optional<AlignmentSettings> alignment,
    Optional<ProjectionSettings> projection,
    WeightSchedule robustWeight)
    implements ObjectiveSettings {

  /** Copies the lists and checks the values. */
  public CureObjective {
    threats = List.copyOf(threats);
    boxes = List.copyOf(boxes);
    weights = List.copyOf(weights);
    List<String> norms = threats.stream().map(ThreatSpec::norm).toList();
    Check.require(
        norms.size() >= 2 && norms.stream().distinct().count() == norms.size(),
        "threats",
        "is " + threats + ": must name two or more different norms");
    Check.require(
        weights.isEmpty() || weights.size() == threats.size(),
        "weights",
        "is " + weights + ": must be empty or have one number for each of threats");
    for (double weight : weights) {
      Check.within("weights", weight, 0, 1);
    }
    double sum = weights.stream().mapToDouble(Double::doubleValue).sum();
    Check.require(
        weights.isEmpty() || Math.abs(sum - 1) < 1e-9,
        "weights",
        "is " + weights + ": must add up to 1");
    alignment.ifPresent(aligned -> Check.oneOf("alignment.lower", aligned.lower(), norms));
  }

  /** The share of each threat's loss in the joint loss. */
  public List<Double> shares() {
    return weights.isEmpty()
        ? threats.stream().map(threat -> 1.0 / threats.size()).toList()
        : weights;
  }

  @Override
  public void requireFit(ScheduleSettings schedule) {
    ThreatSpec first = threats.get(0);
    Check.require(
        first.norm().equals(schedule.norm()) && first.radius().equals(schedule.epsTrain()),
        "objective.threats",
        "begins with "
            + first
            + ": must begin with the schedule's "
            + schedule.norm()
            + ":"
            + schedule.epsTrain());
  }

  @Override
  public String kind() {
    return "cure-" + form.name().toLowerCase(Locale.ROOT);
  }

  @Override
  public <T> T accept(ObjectiveVisitor<T> visitor) {
    return visitor.cure(this);
  }

  @Override
  public void writeOwn(SettingsWriter writer) {
    writer.texts("threats", threats.stream().map(ThreatSpec::toString).toList());
    writer.section(
        "regions", section -> boxes.forEach(box -> section.section(box.norm(), box::write)));
    if (form == CureForm.JOINT) {
      writer.numbers("weights", weights);
    }
    alignment.ifPresent(settings -> writer.section("alignment", settings::write));
    projection.ifPresent(settings -> writer.section("projection", settings::write));
  }

  static CureObjective read(CureForm form, SettingsReader reader) {
    List<ThreatSpec> threats = reader.threats("threats");
    List<SmallBoxSettings> boxes = new ArrayList<>();
    for (ThreatSpec threat : threats) {
      boxes.add(
          reader.section(
              "regions",
              regions ->
                  regions.section(
                      threat.norm(), region -> SmallBoxSettings.read(threat.norm(), region))));
    }
    return new CureObjective(
        form,
        threats,
        boxes,
        form == CureForm.JOINT ? reader.decimals("weights") : List.of(),
        form.aligns()
            ? Optional.of(reader.section("alignment", AlignmentSettings::read))
            : Optional.empty(),
        form.projects()
            ? Optional.of(reader.section("projection", ProjectionSettings::read))
            : Optional.empty(),
        reader.section("robust-weight", WeightSchedule::read));
  }
}

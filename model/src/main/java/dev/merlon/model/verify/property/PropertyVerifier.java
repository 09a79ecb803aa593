package dev.merlon.model.verify.property;

import dev.merlon.config.failure.Failure;
import dev.merlon.config.failure.MerlonException;
import dev.merlon.model.network.LiveNetwork;
import dev.merlon.model.verify.ladder.Clock;
import dev.merlon.model.verify.ladder.Effort;
import dev.merlon.model.verify.ladder.Ladder;
import dev.merlon.model.verify.runtime.Predictor;
import dev.merlon.model.verify.verdict.Outcome;
import dev.merlon.model.verify.vnnlib.VnnLibProperty;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Answers properties about one model file: climbs the ladder with all regions of a property, as far
 * as an effort's rungs go. Bounds hold for the real function of the file's weights. Not
 * thread-safe.
 */
public final class PropertyVerifier {
  private final LiveNetwork live;
  private final Predictor predictor;
  private final long queueBytes;

  /**
   * A verifier of an open model, which stays its owner's.
   *
   * @param live computes the logits, in float64
   * @param predictor the file
   * @param queueBytes what subproblems of branch and bound that are not proved yet may take
   */
  public PropertyVerifier(LiveNetwork live, Predictor predictor, long queueBytes) {
    this.live = live;
    this.predictor = predictor;
    this.queueBytes = queueBytes;
  }

  /**
   * Answers a property. Inputs and outputs are numbered as the model's tensors, row-major.
   *
   * @param effort whose rungs are tried, and whose seed keys the start points of searches
   * @param clock the time of the whole property; it is up where the work is to be given back
   * @throws MerlonException (data) when the property is about tensors of another size
   */
  public PropertyAnswer verify(VnnLibProperty property, Effort effort, Clock clock) {
    requireFit(property);
    OpenRegion.Common common = new OpenRegion.Common();
    List<OpenRegion> regions =
        property.specification().regions().stream()
            .map(region -> new OpenRegion(region, common))
            .toList();
    WitnessSearch search = new WitnessSearch(live, predictor, property, effort.seed());
    RegionSteps steps = new RegionSteps(live, predictor, search, effort, clock, queueBytes);
    new Ladder<>(steps.due(), clock).climb(regions);
    return common.refuted().orElseGet(() -> answer(regions));
  }

  private static PropertyAnswer answer(List<OpenRegion> regions) {
    List<PropertyAnswer> open =
        regions.stream().map(PropertyVerifier::answer).flatMap(Optional::stream).toList();
    return open.stream()
        .filter(answer -> answer.failure().isPresent())
        .findFirst()
        .or(
            () ->
                open.stream()
                    .filter(answer -> answer.word() == PropertyAnswer.Word.TIMEOUT)
                    .findFirst())
        .or(() -> open.stream().findFirst())
        .orElseGet(() -> PropertyAnswer.unsat("every region is excluded"));
  }

  /** Why a region is open; empty where it is excluded. */
  private static Optional<PropertyAnswer> answer(OpenRegion region) {
    if (region.outcome().isEmpty()) {
      return Optional.of(
          region.interrupted()
              ? PropertyAnswer.timeout("stopped; " + region.progress())
              : PropertyAnswer.unknown("no rung proved or refuted it; " + region.progress()));
    }
    Outcome outcome = region.outcome().get();
    String reason = outcome.reason().orElse("time is up");
    return switch (outcome.kind()) {
      case CERTIFIED -> Optional.empty();
      case TIMEOUT -> Optional.of(PropertyAnswer.timeout(reason));
      case UNKNOWN, FALSIFIED, MISCLASSIFIED, CONFLICT ->
          Optional.of(PropertyAnswer.unknown(reason));
    };
  }

  private void requireFit(VnnLibProperty property) {
    requireSize(property, "inputs X", property.inputs().size(), live.network().inputShape().size());
    requireSize(property, "outputs Y", property.outputs().size(), live.network().classes());
  }

  private static void requireSize(VnnLibProperty property, String what, int declared, long taken) {
    if (declared != taken) {
      throw new MerlonException(
          new Failure.Data(
              String.format(
                  Locale.ROOT,
                  "%s declares %d %s, but the model has %d",
                  property.name(),
                  declared,
                  what,
                  taken),
              "Name the model that the property is about."));
    }
  }
}

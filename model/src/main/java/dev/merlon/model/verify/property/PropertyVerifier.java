package dev.merlon.model.verify.property;

import dev.merlon.config.failure.Failure;
import dev.merlon.config.failure.MerlonException;
import dev.merlon.model.network.LiveNetwork;
import dev.merlon.model.verify.ladder.Clock;
import dev.merlon.model.verify.ladder.Effort;
import dev.merlon.model.verify.ladder.Ladder;
import dev.merlon.model.verify.ladder.Progress;
import dev.merlon.model.verify.runtime.Predictor;
import dev.merlon.model.verify.specification.Specification.Region;
import dev.merlon.model.verify.verdict.Outcome;
import dev.merlon.model.verify.verdict.Rung;
import dev.merlon.model.verify.vnnlib.InputBox;
import dev.merlon.model.verify.vnnlib.VnnLibProperty;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;

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
   * How far work on a property came.
   *
   * @param progress what is known of it now
   * @param outcome the answer; empty where its regions were given back, or rungs of later phases
   *     remain
   */
  public record Reached(Progress progress, Optional<Outcome> outcome) {}

  /**
   * Answers a property as far as the effort goes. Inputs and outputs are numbered as the model's
   * tensors, row-major.
   *
   * @param progress what is known of it
   * @param effort whose rungs are tried, and whose seed keys the start points of searches
   * @param clock the time of the whole property, and whether it is to be given back
   * @throws MerlonException (data) when the property is about tensors of another size
   */
  public Reached verify(VnnLibProperty property, Progress progress, Effort effort, Clock clock) {
    requireFit(property);
    OpenRegion.Common common = new OpenRegion.Common(progress.spentNanos());
    List<OpenRegion> regions = regions(property, progress, common);
    WitnessSearch search = new WitnessSearch(live, predictor, property, effort.seed());
    RegionSteps steps = new RegionSteps(live, predictor, search, effort, clock, queueBytes);
    new Ladder<>(steps.due(), clock).climb(regions);
    Progress now =
        Progress.of(regions.stream().map(OpenRegion::known).toList(), common.spentNanos());
    boolean left = regions.stream().anyMatch(region -> isLeft(region, effort));
    return new Reached(
        now, common.refuted().or(() -> left ? Optional.empty() : Optional.of(outcome(regions))));
  }

  private static List<OpenRegion> regions(
      VnnLibProperty property, Progress progress, OpenRegion.Common common) {
    List<Region<InputBox>> all = property.specification().regions();
    return progress.regions().isEmpty()
        ? all.stream().map(region -> new OpenRegion(region, common)).toList()
        : IntStream.range(0, all.size())
            .mapToObj(i -> new OpenRegion(all.get(i), common, progress.regions().get(i)))
            .toList();
  }

  private static boolean isLeft(OpenRegion region, Effort effort) {
    return region.outcome().isEmpty()
        && (region.interrupted()
            || effort.rungs().stream()
                .anyMatch(rung -> RegionSteps.climbs(rung) && !region.hasTried(rung)));
  }

  private static Outcome outcome(List<OpenRegion> regions) {
    List<Outcome> open =
        regions.stream()
            .map(PropertyVerifier::outcome)
            .filter(outcome -> outcome.kind() != Outcome.Kind.CERTIFIED)
            .toList();
    return open.stream()
        .filter(outcome -> outcome.failure().isPresent())
        .findFirst()
        .or(
            () ->
                open.stream().filter(outcome -> outcome.kind() == Outcome.Kind.TIMEOUT).findFirst())
        .or(() -> open.stream().findFirst())
        .orElseGet(() -> new Outcome.Excluded(last(regions), "every region is excluded"));
  }

  /** The most expensive rung that a region needed. */
  private static Rung last(List<OpenRegion> regions) {
    return regions.stream()
        .flatMap(region -> region.outcome().stream())
        .map(Outcome::rung)
        .max(Comparator.naturalOrder())
        .orElse(Rung.PREDICT);
  }

  private static Outcome outcome(OpenRegion region) {
    Outcome found =
        region
            .outcome()
            .orElseGet(
                () ->
                    new Outcome.Unknown(
                        region.lastRung(), "no rung proved or refuted it; " + region.progress()));
    return found.kind() == Outcome.Kind.TIMEOUT && found.reason().isEmpty()
        ? new Outcome.Timeout(found.rung(), Optional.of("time is up"))
        : found;
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

package dev.merlon.model.measure;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import dev.merlon.config.Settings;
import dev.merlon.config.attack.AttackSettings;
import dev.merlon.config.objective.RegionForm;
import dev.merlon.config.objective.TapsSettings;
import dev.merlon.config.value.ThreatSpec;
import dev.merlon.model.bound.box.BoxPropagation;
import dev.merlon.model.bound.box.BoxTrace;
import dev.merlon.model.data.Dataset;
import dev.merlon.model.network.LatentSplit;
import dev.merlon.model.network.LiveNetwork;
import dev.merlon.model.norm.NormBall;
import dev.merlon.model.objective.LatentMargins;
import dev.merlon.model.objective.Region;
import dev.merlon.model.onnx.ImportedModel;
import dev.merlon.model.tensor.CounterRandom;
import dev.merlon.model.tensor.Scope;
import dev.merlon.model.verify.exact.ExactMargins;
import dev.merlon.model.verify.exact.ExactMinimum;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Finds the worst cases of images exactly, by mixed-integer programs (Tjeng et al. 2019), and how
 * training's approximations come out beside them (Mao et al. 2023, the errors of worst-case
 * losses). The same approximations for every model: PGD of 50 steps and three starts, SABR's box of
 * 0.4 of the radius around such a point of the remaining 0.6, TAPS with one rectifier behind its
 * split. For small networks. Holds no tensors between calls; not thread-safe.
 */
public final class WorstCaseProbe {
  private static final int STEPS = 50;
  private static final int STARTS = 3;
  private static final double RATIO = 0.4;
  private static final int LATENT_RELUS = 1;

  private final ImportedModel model;
  private final Dataset images;
  private final ThreatSpec threat;
  private final NormBall set;
  private final AttackSettings attack;
  private final TapsSettings taps;

  /**
   * A probe of one model under one perturbation.
   *
   * @param images of the shape that the model takes
   * @throws dev.merlon.config.failure.MerlonException (configuration) for a network or a ball that
   *     is not piecewise linear
   */
  public WorstCaseProbe(ImportedModel model, Dataset images, ThreatSpec threat) {
    this.model = model;
    this.images = images;
    this.threat = threat;
    this.set = NormBall.of(threat, true);
    ExactMargins.requirePiecewiseLinear(model.network(), set);
    this.attack = attack();
    this.taps = taps();
  }

  /** What the approximations are, for all probes of this version. */
  public static String basis() {
    AttackSettings attack = attack();
    AttackSettings latent = taps().attack();
    return String.format(
        Locale.ROOT,
        "pgd %dx%d, sabr %s, taps %d relu %dx%d",
        attack.steps(),
        attack.restarts(),
        RATIO,
        LATENT_RELUS,
        latent.steps(),
        latent.restarts());
  }

  /**
   * The worst case of one image.
   *
   * @param limit time for its programs
   * @throws dev.merlon.config.failure.MerlonException (numeric) when a margin is not finite
   */
  public WorstCase of(int index, Duration limit) {
    Map<Approximation, Double> margins = approximations(index);
    try (ExactMargins exact =
        ExactMargins.around(model.network(), model.values(), images.imageDoubles(index), set)) {
      ExactMinimum minimum = exact.smallest(images.label(index), limit);
      return new WorstCase(
          model.sha256(),
          basis(),
          images.digest(),
          index,
          threat,
          minimum.lower(),
          minimum.upper(),
          minimum.proved(),
          margins);
    }
  }

  private Map<Approximation, Double> approximations(int index) {
    try (Scope scope = Scope.open("worst case")) {
      LiveNetwork wide = live(DataType.FLOAT64, scope);
      LiveNetwork narrow = live(DataType.FLOAT32, scope);
      return approximations(new ProbeBatch(wide, narrow, attack, images, new int[] {index}), index);
    }
  }

  private LiveNetwork live(DataType type, Scope scope) {
    return LiveNetwork.evaluation(model.network(), model.values(), type, scope);
  }

  private Map<Approximation, Double> approximations(ProbeBatch batch, int index) {
    Map<Approximation, Double> margins = new EnumMap<>(Approximation.class);
    margins.put(Approximation.PGD, batch.attackedMargins(set)[0]);
    margins.put(Approximation.SABR, batch.inWide(in -> smallBox(batch, in))[0]);
    if (LatentSplit.exists(model.network(), LATENT_RELUS)) {
      margins.put(Approximation.TAPS, batch.inWide(in -> latent(in, index))[0]);
    }
    margins.put(Approximation.CROWN_IBP, batch.crownIbpBounds(set)[0]);
    margins.put(Approximation.IBP, batch.inWide(in -> in.smallest(bounds(whole(in), in)))[0]);
    return margins;
  }

  // The paper's own placing: the search leaves room for the box.
  private double[] smallBox(ProbeBatch batch, ProbeBatch.Inputs in) {
    NDArray point = batch.attacked(in, set.withEps((1 - RATIO) * set.eps()));
    Region small = new Region.Small(0, set, RATIO, RegionForm.PAPER);
    return in.smallest(bounds(small.trace(in.live(), in.x(), List.of(point)), in));
  }

  private double[] latent(ProbeBatch.Inputs in, int index) {
    var random = CounterRandom.of(0, 0, index, CounterRandom.Role.LATENT);
    return in.smallest(new LatentMargins(in.live(), taps).searched(whole(in), in.labels(), random));
  }

  private BoxTrace whole(ProbeBatch.Inputs in) {
    return BoxPropagation.over(in.live(), in.x(), set);
  }

  private static NDArray bounds(BoxTrace trace, ProbeBatch.Inputs in) {
    return trace.marginLowerBounds(in.labels());
  }

  private static AttackSettings attack() {
    String words =
        String.format(
            Locale.ROOT, "evaluation.attack { steps = %d, restarts = %d }", STEPS, STARTS);
    return Settings.parse(words, "the probe's attack", List.of()).evaluation().attack().settings();
  }

  private static TapsSettings taps() {
    String words =
        String.format(Locale.ROOT, "objective { kind = taps, taps.relus = %d }", LATENT_RELUS);
    return Settings.parse(words, "the probe's latent search", List.of())
        .objective()
        .latent()
        .orElseThrow();
  }
}

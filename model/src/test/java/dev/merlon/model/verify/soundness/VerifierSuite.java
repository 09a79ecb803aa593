package dev.merlon.model.verify.soundness;

import dev.merlon.config.attack.AttackSettings;
import dev.merlon.config.attack.AttackStatistics;
import dev.merlon.config.attack.EvaluationAttack;
import dev.merlon.config.attack.StepDecay;
import dev.merlon.model.onnx.ImportedModel;
import dev.merlon.model.verify.LadderVerifier;
import dev.merlon.model.verify.Limits;
import dev.merlon.model.verify.Verifier;
import dev.merlon.model.verify.ladder.Effort;
import dev.merlon.model.verify.question.Query;
import dev.merlon.model.verify.soundness.Findings.Count;
import dev.merlon.model.verify.verdict.Counterexample;
import dev.merlon.model.verify.verdict.MarginBounds;
import dev.merlon.model.verify.verdict.Outcome;
import dev.merlon.model.verify.verdict.Rung;
import dev.merlon.model.verify.verdict.Verdict;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * Judges a verifier: it is asked about radii just below and just above the distance of the nearest
 * counterexample, which is known. No certificate may be above it, no refutation below, and no bound
 * above a margin that a point of the set has.
 */
final class VerifierSuite {
  static final List<String> NORMS = List.of("linf", "l2", "l1");

  /** A radius this close to the largest certifiable one, relatively, counts as near. */
  static final double NEAR = 0.05;

  // Nearer than that to the boundary, a solver's word counts for nothing.
  private static final double CLEAR = 1e-3;
  private static final int INPUTS = 4;

  private final Effort effort;
  private final Map<String, Findings> findings = new TreeMap<>();

  VerifierSuite(List<Rung> rungs) {
    this.effort = effort(rungs);
    NORMS.forEach(norm -> findings.put(norm, new Findings()));
  }

  static Verifier open(ImportedModel model) {
    return LadderVerifier.open(model, new Limits(16, 64 << 20, 1));
  }

  static Effort effort(List<Rung> rungs) {
    StepDecay decay = new StepDecay(0.2, 0, List.of(0.4, 0.7));
    AttackSettings attack = new AttackSettings(20, 2, 0.25, decay, AttackStatistics.EVAL, true);
    return effort(rungs, EvaluationAttack.pgd(attack));
  }

  static Effort effort(List<Rung> rungs, EvaluationAttack attack) {
    return Effort.of(rungs, attack, 1, Duration.ofSeconds(20));
  }

  /** Number of questions about one model. */
  static int casesOfAModel() {
    return INPUTS * NORMS.size();
  }

  /** What was found, by norm. */
  Map<String, Findings> findings() {
    return findings;
  }

  /** All norms together. */
  Findings total() {
    Findings total = new Findings();
    findings.values().forEach(total::add);
    return total;
  }

  /** Asks about the model of this number. */
  void run(long seed) {
    DrawnModel model = DrawnModel.of(seed);
    SplittableRandom random = new SplittableRandom(0xCA5E_0000L + seed);
    try (Verifier verifier = open(model.imported())) {
      for (int input = 0; input < INPUTS; input++) {
        for (String norm : NORMS) {
          Optional<ExactCase> drawn = ExactCase.draw(model.plain(), norm, random);
          drawn.ifPresent(exact -> ask(seed, verifier, model, exact, random));
        }
      }
    }
  }

  private void ask(
      long seed, Verifier verifier, DrawnModel model, ExactCase drawn, SplittableRandom random) {
    double eps = radius(drawn, random);
    Findings found = Optional.ofNullable(findings.get(drawn.ball().norm())).orElseThrow();
    Query query = drawn.query(eps);
    Verdict verdict = verifier.verify(List.of(query), effort).get(0);
    ExactCase exact = drawn;
    if (verdict.certified() && drawn.refutable() > eps) {
      ExactCase.Settled settled = drawn.settled(model.plain());
      exact = settled.nearest();
      boolean clear = settled.certifiable().orElse(0) > eps * (1 - CLEAR / 2);
      found.count(Count.UNSETTLED, !clear && exact.refutable() > eps);
    }
    count(verdict, exact.refutable(), eps, found);
    String name =
        String.format(
            Locale.ROOT,
            "seed %d, %s, %s, counterexample at %s: %s",
            seed,
            model.kind(),
            query.set(),
            exact.refutable(),
            verdict.outcome());
    problem(verdict, exact, eps, model.plain())
        .ifPresent(what -> found.violation(name + ": " + what));
  }

  private static void count(Verdict verdict, double refutable, double eps, Findings found) {
    boolean certified = verdict.certified();
    boolean falsified = verdict.kind() == Outcome.Kind.FALSIFIED;
    boolean open = !certified && !falsified;
    found.count(Count.CASES);
    found.count(Count.CERTIFIED, certified);
    found.count(Count.NEAR, certified && eps >= (1 - NEAR) * refutable);
    found.count(Count.FALSIFIED, falsified);
    found.count(Count.BY_BRANCHING, !open && verdict.outcome().rung() == Rung.BAB);
    found.count(Count.REFUTABLE, refutable <= eps);
    found.count(Count.FOUND_BY_ATTACK, falsified && byAttack(verdict));
    found.count(Count.MISSED, refutable <= eps && open);
    found.count(Count.OPEN, open);
    found.count(Count.FALSE_CERTIFICATES, certified && refutable <= eps);
  }

  /** Whether a search found the answer, before any branch and bound. */
  static boolean byAttack(Verdict verdict) {
    Rung rung = verdict.outcome().rung();
    return rung == Rung.PGD || rung == Rung.TARGETED_PGD;
  }

  // Mostly so near the boundary that small errors decide.
  private static double radius(ExactCase exact, SplittableRandom random) {
    int kind = random.nextInt(20);
    double by = CLEAR + (0.98 * NEAR - CLEAR) * random.nextDouble();
    if (kind < 7) {
      return exact.refutable() * (1 - by);
    }
    if (kind < 14) {
      return exact.refutable() * (1 + by);
    }
    return exact.refutable() * random.nextDouble(0.2, 2);
  }

  private static Optional<String> problem(
      Verdict verdict, ExactCase exact, double eps, PlainNetwork network) {
    switch (verdict.kind()) {
      case CERTIFIED -> {
        if (exact.refutable() <= eps) {
          return Optional.of("a false certificate");
        }
      }
      case FALSIFIED -> {
        Counterexample point = verdict.outcome().counterexample().orElseThrow();
        if (!refutes(ExactCase.wide(point.point()), exact, eps, network)) {
          return Optional.of("the counterexample is none");
        }
      }
      case UNKNOWN, TIMEOUT -> {}
      case CONFLICT, MISCLASSIFIED -> {
        return Optional.of("the input itself is classified otherwise");
      }
    }
    return verdict.margins().flatMap(bounds -> tooHigh(bounds, exact, eps, network));
  }

  private static boolean refutes(
      double[] point, ExactCase exact, double eps, PlainNetwork network) {
    double[] logits = network.logits(point);
    double scale = 1;
    for (double logit : logits) {
      scale = Math.max(scale, Math.abs(logit));
    }
    return exact.ball().allows(point)
        && exact.ball().distance(point) <= eps
        && ExactCase.margin(network, exact.label(), point) <= 1e-5 * scale;
  }

  // The counterexample, drawn into the ball where it is outside, is a point like any other.
  private static Optional<String> tooHigh(
      MarginBounds bounds, ExactCase exact, double eps, PlainNetwork network) {
    double share = Math.min(1, eps / exact.refutable()) * (1 - 1e-12);
    double[] point = exact.ball().center().clone();
    for (int i = 0; i < point.length; i++) {
      point[i] += share * (exact.counterexample()[i] - point[i]);
    }
    double[] logits = network.logits(point);
    for (int j = 0; j < logits.length; j++) {
      double margin = logits[exact.label()] - logits[j];
      if (j != exact.label() && bounds.against(j) > margin + 1e-8 * (1 + Math.abs(margin))) {
        return Optional.of(
            String.format(
                Locale.ROOT,
                "margin to class %d is %s at a point and bounded by %s",
                j,
                margin,
                bounds.against(j)));
      }
    }
    return Optional.empty();
  }
}

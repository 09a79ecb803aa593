package dev.merlon.model.fuzz;

import dev.merlon.config.attack.AttackSettings;
import dev.merlon.config.attack.AttackStatistics;
import dev.merlon.config.attack.EvaluationAttack;
import dev.merlon.config.attack.StepDecay;
import dev.merlon.config.failure.Failure;
import dev.merlon.config.failure.MerlonException;
import dev.merlon.model.norm.Norm;
import dev.merlon.model.norm.NormBall;
import dev.merlon.model.onnx.ImportedModel;
import dev.merlon.model.onnx.OnnxImport;
import dev.merlon.model.verify.Answers;
import dev.merlon.model.verify.LadderVerifier;
import dev.merlon.model.verify.Limits;
import dev.merlon.model.verify.PendingProperty;
import dev.merlon.model.verify.ladder.Effort;
import dev.merlon.model.verify.question.Guarantee;
import dev.merlon.model.verify.question.Query;
import dev.merlon.model.verify.question.Question;
import dev.merlon.model.verify.verdict.Rung;
import dev.merlon.model.verify.verdict.Verdict;
import dev.merlon.model.verify.vnnlib.VnnLib;
import dev.merlon.model.verify.vnnlib.VnnLibProperty;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What {@code merlon certify} and {@code merlon verify} do with a file, up to its answer. */
final class ProductPath {
  private static final int LONGEST_LINE = 1_000;
  private static final long SECONDS = 3;
  private static final Limits LIMITS = new Limits(10, 64 << 20, 1);
  private static final Effort EFFORT =
      Effort.of(
          List.of(Rung.PREDICT, Rung.IBP, Rung.CROWN_IBP, Rung.PGD),
          EvaluationAttack.pgd(
              new AttackSettings(3, 1, 0.25, StepDecay.none(), AttackStatistics.EVAL, true)),
          1,
          Duration.ofSeconds(SECONDS));

  private ProductPath() {}

  /**
   * Where a case ended: {@code answered} with a verdict's word, or {@code refused} with a failure's
   * code.
   *
   * @throws AssertionError where it ended in neither
   */
  static String of(FuzzCase asked) {
    try {
      return "answered: " + answer(asked);
    } catch (MerlonException refused) {
      requireClear(refused);
      return "refused: " + refused.failure().code();
    } catch (RuntimeException | Error broken) {
      throw new AssertionError(asked.kind() + " of " + asked.seed() + ": " + broken, broken);
    }
  }

  private static String answer(FuzzCase asked) {
    ImportedModel model = OnnxImport.parse(asked.model(), "m.onnx");
    return asked.property().isPresent()
        ? property(model, asked.property().get())
        : certification(model);
  }

  private static String property(ImportedModel model, String text) {
    String asked =
        text.isEmpty()
            ? FuzzCase.property(model.network().inputShape().size(), model.network().classes())
            : text;
    VnnLibProperty property = VnnLib.parse(asked, "p.vnnlib");
    try (LadderVerifier verifier = LadderVerifier.open(model, LIMITS)) {
      Answers answers =
          verifier.verify(List.of(PendingProperty.fresh(property)), EFFORT, () -> false);
      return answers.answered().get(0).outcome().kind().competitionWord();
    }
  }

  private static String certification(ImportedModel model) {
    float[] x = new float[Math.toIntExact(model.network().inputShape().size())];
    Arrays.fill(x, 0.5f);
    List<Query> queries = new ArrayList<>();
    for (int label = 0; label < Math.min(2, model.network().classes()); label++) {
      Norm norm = Norm.of(label % 2 == 0 ? "linf" : "l2");
      Question question = new Question(new NormBall(norm, 0.001, true), Guarantee.REAL);
      queries.add(Query.of(0, x, label, question));
    }
    try (LadderVerifier verifier = LadderVerifier.open(model, LIMITS)) {
      List<Verdict> verdicts = verifier.verify(queries, EFFORT);
      verdicts.forEach(ProductPath::requireOrdinary);
      return verdicts.stream()
          .map(verdict -> verdict.kind().word())
          .sorted()
          .findFirst()
          .orElse("");
    }
  }

  /** A rung that fails is an unknown verdict, behind which a fault of Merlon may hide. */
  private static void requireOrdinary(Verdict verdict) {
    String reason = verdict.outcome().reason().orElse("");
    if (reason.startsWith("failed: ") && !reason.startsWith("failed: MerlonException")) {
      throw new IllegalStateException("verdict with reason " + reason);
    }
  }

  private static void requireClear(MerlonException refused) {
    Failure failure = refused.failure();
    for (String line : List.of(failure.message(), failure.remedy())) {
      boolean clear =
          !line.isBlank()
              && line.length() <= LONGEST_LINE
              && line.chars().noneMatch(Character::isISOControl)
              && !line.contains("Exception");
      if (!clear || failure instanceof Failure.Internal) {
        throw new AssertionError("not one clear line: " + failure, refused);
      }
    }
  }
}

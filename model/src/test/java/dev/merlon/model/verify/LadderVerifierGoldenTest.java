package dev.merlon.model.verify;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.JsonNode;
import dev.merlon.config.attack.AttackSettings;
import dev.merlon.config.attack.AttackStatistics;
import dev.merlon.config.attack.EvaluationAttack;
import dev.merlon.config.attack.StepDecay;
import dev.merlon.model.golden.PublishedFolder;
import dev.merlon.model.golden.PublishedModel;
import dev.merlon.model.onnx.ImportedModel;
import dev.merlon.model.verify.ladder.Effort;
import dev.merlon.model.verify.question.Guarantee;
import dev.merlon.model.verify.question.Query;
import dev.merlon.model.verify.question.Question;
import dev.merlon.model.verify.verdict.Rung;
import dev.merlon.model.verify.verdict.Verdict;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Published models and properties: no verdict of ours may contradict a known one. */
class LadderVerifierGoldenTest {
  private static final Limits LIMITS = new Limits(16, 256 << 20, 1);
  private static final Duration SHORT = Duration.ofSeconds(2);
  // More than a busy machine takes for bounds alone.
  private static final Duration AMPLE = Duration.ofMinutes(10);
  private static final List<Rung> BOUNDS =
      List.of(Rung.PREDICT, Rung.IBP, Rung.CROWN_IBP, Rung.CROWN);

  static List<PublishedModel> models() {
    return PublishedFolder.found().questions();
  }

  static List<PublishedModel> provedModels() {
    return models().stream()
        .map(asked -> asked.with(question -> asked.folder().isProved(asked, question)))
        .filter(asked -> !asked.cases().isEmpty())
        .toList();
  }

  @ParameterizedTest
  @MethodSource("models")
  void verify_publishedCases_contradictNoKnownVerdict(PublishedModel asked) {
    List<Verdict> verdicts = verdicts(asked, List.of(Rung.values()), SHORT);
    assertThat(verdicts).hasSameSizeAs(asked.cases());
    for (int i = 0; i < verdicts.size(); i++) {
      JsonNode question = asked.cases().get(i);
      Verdict verdict = verdicts.get(i);
      String id = verdict.property().id().orElseThrow();
      String known = asked.folder().verdict(question);
      assertThat(id).isEqualTo(question.path("id").asText());
      switch (verdict.kind()) {
        case CERTIFIED -> assertThat(known).as(id).isNotEqualTo("counterexample");
        case FALSIFIED -> assertThat(known).as(id).isNotEqualTo("certified");
        case UNKNOWN, TIMEOUT -> assertThat(verdict.outcome().rung()).isNotEqualTo(Rung.PREDICT);
        case MISCLASSIFIED, CONFLICT -> throw new AssertionError(id + ": " + verdict.outcome());
      }
    }
  }

  @ParameterizedTest
  @MethodSource("provedModels")
  void verify_whatGoldenBoundsProve_isCertified(PublishedModel asked) {
    assertThat(verdicts(asked, BOUNDS, AMPLE))
        .hasSameSizeAs(asked.cases())
        .allSatisfy(verdict -> assertThat(verdict.certified()).as("%s", verdict).isTrue());
  }

  private static List<Verdict> verdicts(PublishedModel asked, List<Rung> rungs, Duration time) {
    ImportedModel model = asked.read();
    Shape shape = model.network().inputShape();
    List<Query> queries =
        asked.cases().stream().map(question -> query(asked.folder(), question, shape)).toList();
    try (Verifier verifier = LadderVerifier.open(model, LIMITS)) {
      return verifier.verify(queries, effort(rungs, time));
    }
  }

  private static Effort effort(List<Rung> rungs, Duration time) {
    AttackSettings attack =
        new AttackSettings(40, 3, 0.1, StepDecay.none(), AttackStatistics.EVAL, true);
    return Effort.of(rungs, EvaluationAttack.pgd(attack), 1, time).crossChecked();
  }

  private static Query query(PublishedFolder folder, JsonNode question, Shape shape) {
    int index = question.path("index").asInt();
    return new Query(
        index,
        Optional.of(question.path("id").asText()),
        folder.inputs(question.path("inputs").asText()).floats(index, shape),
        question.path("label").asInt(),
        new Question(PublishedFolder.set(question), Guarantee.NOMINAL));
  }
}

package dev.merlon.model.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.types.Shape;
import dev.merlon.config.failure.MerlonException;
import dev.merlon.model.network.Network;
import dev.merlon.model.network.ParameterValues;
import dev.merlon.model.network.operation.Flatten;
import dev.merlon.model.norm.LInf;
import dev.merlon.model.norm.NormBall;
import dev.merlon.model.verify.question.Guarantee;
import dev.merlon.model.verify.question.Property;
import dev.merlon.model.verify.question.Query;
import dev.merlon.model.verify.question.Question;
import dev.merlon.model.verify.verdict.MarginBounds;
import dev.merlon.model.verify.verdict.Outcome;
import dev.merlon.model.verify.verdict.Rung;
import dev.merlon.model.verify.verdict.Verdict;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OutcomeTest {
  @ParameterizedTest
  @ValueSource(
      doubles = {0, -0.0, -1e-300, Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
  void certified_marginThatProvesNothing_isRefused(double bound) {
    assertThatThrownBy(() -> new Outcome.Certified(Rung.IBP, MarginBounds.of(1, 0.5, 0, bound)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void certified_marginsAboveZero_holdsThem() {
    MarginBounds margins = MarginBounds.of(1, Double.MIN_VALUE, Double.NaN, 0.5);

    assertThat(new Outcome.Certified(Rung.IBP, margins).margins()).isEqualTo(margins);
  }

  @Test
  void margins_withoutAnotherClass_areRefused() {
    assertThatThrownBy(() -> MarginBounds.of(0, 0.0)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> MarginBounds.of(0)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void verdict_certificateOfOtherMargins_isRefused() {
    MarginBounds proof = MarginBounds.of(0, 0, 0.5);
    for (Optional<MarginBounds> told :
        List.of(Optional.<MarginBounds>empty(), Optional.of(MarginBounds.of(0, 0, 0.7)))) {
      assertThatThrownBy(
              () ->
                  new Verdict(
                      new Property(0, Optional.empty(), 0, new NormBall(new LInf(), 0.1, true)),
                      OptionalInt.of(0),
                      new Outcome.Certified(Rung.IBP, proof),
                      told,
                      Guarantee.REAL,
                      1))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void verify_modelOfOneClass_isRefused() {
    Network.Builder single = Network.builder(new Shape(1, 1, 1));
    single.append("flatten", new Flatten());
    Network network = single.build();
    ParameterValues none = ParameterValues.of(network, Map.of());
    TinyModel.FilePredictor file = new TinyModel.FilePredictor(x -> x);
    Question question = new Question(new NormBall(new LInf(), 0.1, true), Guarantee.REAL);
    List<Query> queries = List.of(Query.of(0, new float[] {0.5f}, 0, question));

    try (Verifier verifier =
        LadderVerifier.open(
            TinyModel.KEY, network, none, file, TinyModel.LIMITS, System::nanoTime)) {
      assertThatThrownBy(() -> verifier.verify(queries, TinyModel.effort()))
          .isInstanceOf(MerlonException.class)
          .hasMessageContaining("one output");
    }
    assertThat(file.closed()).isEqualTo(1);
  }
}

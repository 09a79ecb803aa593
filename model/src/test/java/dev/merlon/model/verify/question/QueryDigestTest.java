package dev.merlon.model.verify.question;

import static org.assertj.core.api.Assertions.assertThat;

import dev.merlon.model.norm.L2;
import dev.merlon.model.norm.LInf;
import dev.merlon.model.norm.NormBall;
import dev.merlon.model.norm.PerturbationSet;
import dev.merlon.model.onnx.ModelUse;
import dev.merlon.model.onnx.Threshold;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class QueryDigestTest {
  private static final PerturbationSet SET = new NormBall(new LInf(), 0.1, true);
  private static final float[] X = {0.5f, 1};
  private static final ModelKey MODEL = new ModelKey("ab".repeat(32), ModelUse.PLAIN);

  @Test
  void of_oneQuestion_isTheSameForEver() {
    assertThat(QueryDigest.of(MODEL, Query.of(3, X, 1, real(SET))))
        .isEqualTo("3f43fe464f32bb13d2755d1b645de808066bb6fc8f24fabbaaecfc1f5db949a9");
  }

  @Test
  void of_placeAndNameOfTheInput_changeNothing() {
    Query named = new Query(9, Optional.of("a case"), X.clone(), 1, real(SET));
    assertThat(QueryDigest.of(MODEL, named))
        .isEqualTo(QueryDigest.of(MODEL, Query.of(3, X, 1, real(SET))));
  }

  @Test
  void of_anythingElse_changesIt() {
    Query query = Query.of(3, X, 1, real(SET));
    Threshold half = Threshold.parse("0.5");
    Set<String> digests = new HashSet<>();
    digests.add(QueryDigest.of(MODEL, query));
    digests.add(QueryDigest.of(MODEL, Query.of(3, X, 1, new Question(SET, Guarantee.NOMINAL))));
    for (ModelUse use :
        List.of(
            new ModelUse(Optional.of("nhwc"), Optional.empty()),
            new ModelUse(Optional.empty(), Optional.of(half)),
            new ModelUse(Optional.of("nhwc"), Optional.of(half)))) {
      digests.add(QueryDigest.of(new ModelKey(MODEL.sha256(), use), query));
    }
    digests.add(QueryDigest.of(new ModelKey("cd".repeat(32), ModelUse.PLAIN), query));
    for (Query other :
        List.of(
            Query.of(3, X, 0, real(SET)),
            Query.of(3, new float[] {0.5f, Math.nextUp(1f)}, 1, real(SET)),
            Query.of(3, X, 1, real(new NormBall(new L2(), 0.1, true))),
            Query.of(3, X, 1, real(new NormBall(new LInf(), Math.nextUp(0.1), true))),
            Query.of(3, X, 1, real(new NormBall(new LInf(), 0.1, false))))) {
      digests.add(QueryDigest.of(MODEL, other));
    }
    assertThat(digests).hasSize(11);
  }

  private static Question real(PerturbationSet set) {
    return new Question(set, Guarantee.REAL);
  }
}

package dev.merlon.model.verify.verdict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.merlon.config.failure.Failure;
import dev.merlon.config.failure.MerlonException;
import dev.merlon.model.norm.L2;
import dev.merlon.model.norm.LInf;
import dev.merlon.model.norm.NormBall;
import dev.merlon.model.norm.PerturbationSet;
import dev.merlon.model.onnx.ModelUse;
import dev.merlon.model.onnx.Threshold;
import dev.merlon.model.verify.question.Guarantee;
import dev.merlon.model.verify.question.Property;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class VerdictLineTest {
  private static final PerturbationSet CLIPPED = new NormBall(new LInf(), 0.3, true);

  @Test
  void write_certified_everyFieldOfTheFormat() {
    MarginBounds margins = MarginBounds.of(1, 0.5, 0, 0.25);
    Verdict verdict =
        new Verdict(
            new Property(17, Optional.empty(), 1, CLIPPED),
            OptionalInt.of(1),
            new Outcome.Certified(Rung.CROWN_IBP, margins),
            Optional.of(margins),
            Guarantee.NOMINAL,
            12.4);

    assertThat(VerdictLine.write(verdict))
        .isEqualTo(
            "{\"index\":17,\"label\":1,\"predicted\":1,\"set\":\"linf:0.3\","
                + "\"norm\":\"linf\",\"eps\":0.3,"
                + "\"clip\":[0,1],\"verdict\":\"certified\",\"guarantee\":\"nominal\","
                + "\"rung\":\"crown-ibp\",\"margins\":[0.5,null,0.25],\"millis\":12.4,"
                + "\"counterexample\":null}");
  }

  @Test
  void read_anyVerdict_theSameVerdict() {
    PerturbationSet whole = new NormBall(new L2(), 1 / 3.0, false);
    Counterexample point = Counterexample.at(0.1f, 1f / 3, Float.MIN_VALUE);
    List<Outcome> outcomes =
        List.of(
            new Outcome.Certified(Rung.IBP, MarginBounds.of(0, 0, 1 / 3.0, Double.MIN_VALUE)),
            new Outcome.Falsified(Rung.PGD, point),
            new Outcome.Falsified(Rung.PGD, point.seenAs(7)),
            new Outcome.Implied(
                new Outcome.Falsified(Rung.PGD, point), "l2:0x1p-4 clip none, real"),
            new Outcome.Implied(
                new Outcome.Certified(Rung.BAB, MarginBounds.of(0, 0, 1, 2)), "a larger set"),
            new Outcome.Unknown(Rung.CROWN, "no rung \"proved\"\nit"),
            new Outcome.Timeout(Rung.CROWN_IBP),
            new Outcome.Misclassified(),
            new Outcome.Conflict(Rung.IBP, "two ways disagree", Optional.of(point)),
            new Outcome.Conflict(Rung.IBP, "two ways disagree", Optional.empty()));
    for (Outcome outcome : outcomes) {
      Verdict verdict =
          new Verdict(
              new Property(3, Optional.of("a \"case\""), 0, whole),
              OptionalInt.empty(),
              outcome,
              outcome.kind() == Outcome.Kind.CERTIFIED
                  ? Optional.of(proving(outcome))
                  : Optional.of(MarginBounds.of(0, 0, -1 / 3.0, Double.MIN_VALUE)),
              Guarantee.NOMINAL,
              0.1);

      String line = VerdictLine.write(verdict);

      assertThat(line).doesNotContain("\n");
      assertThat(VerdictLine.read(line)).isEqualTo(verdict);
    }
  }

  private static MarginBounds proving(Outcome outcome) {
    return outcome instanceof Outcome.Implied implied
        ? proving(implied.answer())
        : ((Outcome.Certified) outcome).margins();
  }

  @Test
  void read_lineWithThreshold_keepsTheExactDecimal() {
    Threshold threshold = Threshold.parse("0.12345678901234567890123");
    Verdict verdict =
        new Verdict(
            new Property(1, Optional.empty(), 0, CLIPPED),
            OptionalInt.of(0),
            new Outcome.Certified(Rung.IBP, MarginBounds.of(0, 0, 0.1)),
            Optional.of(MarginBounds.of(0, 0, 0.1)),
            Guarantee.REAL,
            1);
    ModelUse use = new ModelUse(Optional.of("nhwc"), Optional.of(threshold));
    VerdictFile.Line line = new VerdictFile.Line(verdict, "ab", "cd", use);

    String written = VerdictLine.write(line);

    assertThat(written).contains("\"threshold\":0.12345678901234567890123");
    assertThat(VerdictLine.readLine(written)).isEqualTo(line);
  }

  @Test
  void read_certificateWithoutMargins_isNoVerdict() {
    String line =
        "{\"index\":0,\"label\":0,\"predicted\":0,\"norm\":\"linf\",\"eps\":0.3,\"clip\":[0,1],"
            + "\"verdict\":\"certified\",\"guarantee\":\"real\",\"rung\":\"ibp\",\"margins\":%s,"
            + "\"millis\":1,\"counterexample\":null}";
    assertThat(VerdictLine.read(String.format(Locale.ROOT, line, "[null,0.5]")).certified())
        .isTrue();
    for (String margins :
        List.of("null", "[]", "[null]", "[null,0.0]", "[null,-1]", "[null,null]")) {
      assertThatThrownBy(() -> VerdictLine.read(String.format(Locale.ROOT, line, margins)))
          .as(margins)
          .isInstanceOf(MerlonException.class)
          .hasMessageContaining("Not a verdict");
    }
  }

  @Test
  void read_damagedLine_dataFailureThatShowsIt() {
    for (String line : List.of("", "{\"index\":1", "{}", "[]", "{\"index\":1,\"label\":\"x\"}")) {
      assertThatThrownBy(() -> VerdictLine.read(line))
          .as(line)
          .isInstanceOfSatisfying(
              MerlonException.class,
              refused -> assertThat(refused.failure()).isInstanceOf(Failure.Data.class));
    }
  }
}

package dev.merlon.model.norm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.merlon.config.failure.MerlonException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PerturbationSetTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @ParameterizedTest
  @ValueSource(strings = {"linf:8/255", "l2:0.5", "l1:10"})
  void parse_text_namesTheSetAgain(String text) {
    for (boolean clip : List.of(true, false)) {
      PerturbationSet set = PerturbationSet.parse(text, clip);

      assertThat(set.text()).isEqualTo(text);
      assertThat(set.keyword()).isEqualTo(text.substring(0, text.indexOf(':')));
      assertThat(PerturbationSet.parse(set.text(), clip)).isEqualTo(set);
      assertThat(PerturbationSet.parse(set.text(), !clip)).isNotEqualTo(set);
      assertThat(set.isMeantBy(text)).isTrue();
      assertThat(set.isMeantBy("linf:0.9")).isFalse();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "0.1, has no radius",
    "lnf:0.1, lnf is no kind of perturbation: did you mean linf?",
    "linf:x, has a radius that is no number"
  })
  void parse_noSet_isRefused(String text, String problem) {
    assertThatThrownBy(() -> PerturbationSet.parse(text, true))
        .isInstanceOf(MerlonException.class)
        .hasMessageContaining(problem);
  }

  @Test
  void ofCanonical_ofEverySet_isThatSet() {
    for (String text : List.of("linf:8/255", "l2:0.5", "l1:1e-9", "l2:1000")) {
      for (boolean clip : List.of(true, false)) {
        PerturbationSet set = PerturbationSet.parse(text, clip);
        assertThat(PerturbationSet.ofCanonical(set.canonical())).contains(set);
      }
    }
    for (String other :
        List.of(
            "", "linf", "linf:0.1", "linf:0x1p-4", "linf:0x1.0p-4 clip [0,2]", "turn:0x1.0p0")) {
      assertThat(PerturbationSet.ofCanonical(other)).as(other).isEmpty();
    }
  }

  @Test
  void includes_smallerBallsOfTheNormAndTheirClippedParts() {
    PerturbationSet ball = PerturbationSet.parse("linf:0.1", true);
    PerturbationSet whole = PerturbationSet.parse("linf:0.1", false);
    PerturbationSet smaller = PerturbationSet.parse("linf:0.05", true);
    PerturbationSet round = PerturbationSet.parse("l2:0.01", true);

    assertThat(ball.includes(ball)).isTrue();
    assertThat(ball.includes(smaller)).isTrue();
    assertThat(whole.includes(ball)).isTrue();
    assertThat(smaller.includes(ball)).isFalse();
    assertThat(ball.includes(whole)).isFalse();
    assertThat(ball.includes(PerturbationSet.parse("linf:0.05", false))).isFalse();
    assertThat(ball.includes(round)).as("another norm").isFalse();
  }

  @Test
  void read_whatWasWritten_isTheSameSetInTheSameWords() {
    for (String text : List.of("linf:8/255", "linf:1/3", "l2:0.5", "l1:1e-3")) {
      for (boolean clip : List.of(true, false)) {
        PerturbationSet set = PerturbationSet.parse(text, clip);
        ObjectNode line = JSON.createObjectNode();
        set.write(line);

        PerturbationSet read = PerturbationSet.read(line);

        assertThat(read).isEqualTo(set);
        assertThat(read.text()).isEqualTo(text);
        assertThat(read.canonical()).isEqualTo(set.canonical());
      }
    }
  }

  @Test
  void read_lineOfAnEarlierVersion_isItsBall() throws JsonProcessingException {
    PerturbationSet read = read("{'norm':'l2','eps':0.1,'clip':null}");

    assertThat(read).isEqualTo(new NormBall(new L2(), 0.1, false));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'set':'linf:0.2','norm':'linf','eps':0.1,'clip':null}",
        "{'set':'l2:0.1','norm':'linf','eps':0.1,'clip':null}",
        "{'set':'linf:0.1','norm':'linf','eps':0.1,'clip':[0,2]}",
        "{'set':'linf:0.1','norm':'linf','eps':0.1}",
        "{'set':'rot:0.1','norm':'linf','eps':0.1,'clip':null}",
        "{'eps':0.1,'clip':null}"
      })
  void read_fieldsThatSayNoOneSet_areRefused(String line) {
    assertThatThrownBy(() -> read(line)).isInstanceOf(IllegalArgumentException.class);
  }

  private static PerturbationSet read(String line) throws JsonProcessingException {
    JsonNode node = JSON.readTree(line.replace('\'', '"'));
    return PerturbationSet.read(node);
  }
}

package dev.merlon.model.verify.vnnlib;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Texts of very many lines. */
class LargeTextTest {
  @Test
  @Timeout(value = 1, unit = TimeUnit.MINUTES)
  void parse_boundsOfVeryManyInputs_areRead() {
    int inputs = 60_000;
    StringBuilder text = new StringBuilder(Texts.with(inputs, 1));
    for (int i = 0; i < inputs; i++) {
      text.append("(assert (<= X_").append(i).append(" 0.").append(i + 1).append("))\n");
      text.append("(assert (>= X_").append(i).append(" 0.0))\n");
    }

    VnnLibProperty property = VnnLib.parse(text.toString(), "many inputs");

    assertThat(property.specification().regions().get(0).inputs().upper()).hasSize(inputs);
    assertThat(property.specification().regions().get(0).inputs().upper()[24_999]).isEqualTo(0.25);
  }

  @Test
  @Timeout(value = 1, unit = TimeUnit.MINUTES)
  void parse_veryManyDisjuncts_areRead() {
    int cases = 30_000;
    StringBuilder text = new StringBuilder(Texts.with(1, 1, "(assert (or"));
    for (int i = 0; i < cases; i++) {
      text.append(
          String.format(Locale.ROOT, "(and (>= X_0 %d) (<= X_0 %d.5) (>= Y_0 %d))\n", i, i, i));
    }

    VnnLibProperty property = VnnLib.parse(text + "))", "many cases");

    assertThat(property.specification().regions()).hasSize(cases);
    assertThat(property.specification().regions().get(7).inputs().lower()).containsExactly(7);
  }
}

package dev.merlon.model.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.merlon.model.data.DigitGlyph.Path;
import dev.merlon.model.data.DigitGlyph.Vertex;
import org.junit.jupiter.api.Test;

class DigitGlyphTest {

  @Test
  void of_strokesNamingOnePoint_shareItsVertex() {
    DigitGlyph glyph = DigitGlyph.of("line .1,0 .5,.5", "curve .5,.50 .9,1 .1,1");

    assertThat(glyph.vertices())
        .containsExactly(
            new Vertex(.1, 0), new Vertex(.5, .5), new Vertex(.9, 1), new Vertex(.1, 1));
    assertThat(glyph.strokes().get(0).vertices()).containsExactly(0, 1);
    assertThat(glyph.strokes().get(1).vertices()).containsExactly(1, 2, 3);
    assertThat(glyph.strokes().get(1).path()).isEqualTo(Path.CURVE);
  }

  @Test
  void of_malformedStroke_isRefused() {
    assertThatThrownBy(() -> DigitGlyph.of("line .1,0")).hasMessageContaining("two points");
    assertThatThrownBy(() -> DigitGlyph.of("arc .1,0 .2,0")).hasMessageContaining("arc");
  }

  @Test
  void of_everyDigit_staysInTheUnitSquare() {
    for (int digit = 0; digit < 10; digit++) {
      assertThat(DigitGlyphs.of(digit)).hasSizeGreaterThan(1);
      for (DigitGlyph glyph : DigitGlyphs.of(digit)) {
        assertThat(glyph.vertices())
            .allSatisfy(
                vertex -> {
                  assertThat(vertex.x()).isBetween(0.0, 1.0);
                  assertThat(vertex.y()).isBetween(0.0, 1.0);
                });
      }
    }
  }
}

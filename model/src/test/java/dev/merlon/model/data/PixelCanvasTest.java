package dev.merlon.model.data;

import static org.assertj.core.api.Assertions.assertThat;

import dev.merlon.model.data.PixelCanvas.Segment;
import org.junit.jupiter.api.Test;

class PixelCanvasTest {
  private final PixelCanvas canvas = new PixelCanvas(5, 7);

  @Test
  void draw_horizontalSegment_fadesOverOnePixelAtItsRim() {
    canvas.draw(new Segment(1, 2, 5, 2), 0.75, 1);

    assertThat(row(2)).containsExactly(64, 255, 255, 255, 255, 255, 64);
    assertThat(row(1)[3]).isEqualTo(64);
    assertThat(row(3)).containsExactly(row(1));
    assertThat(row(0)).containsOnly(0);
  }

  @Test
  void draw_pointOutsideThePicture_isClipped() {
    canvas.draw(new Segment(-20, -20, -10, -10), 2, 1);
    canvas.draw(new Segment(6, 4, 40, 4), 0.5, 1);

    assertThat(row(4)).containsExactly(0, 0, 0, 0, 0, 0, 255);
    assertThat(row(0)).containsOnly(0);
  }

  @Test
  void draw_segmentOfNoLength_isADot() {
    canvas.draw(new Segment(3, 2, 3, 2), 0.5, 0.6);

    assertThat(row(2)).containsExactly(0, 0, 0, 153, 0, 0, 0);
  }

  @Test
  void draw_crossing_keepsTheBrighterValue() {
    canvas.draw(new Segment(0, 2, 6, 2), 0.5, 0.4);
    canvas.draw(new Segment(3, 0, 3, 4), 0.5, 0.8);
    canvas.draw(new Segment(0, 2, 6, 2), 0.5, 0.4);

    assertThat(row(2)).containsExactly(102, 102, 102, 204, 102, 102, 102);
  }

  @Test
  void erase_drawnPixels_areWiped() {
    canvas.draw(new Segment(0, 2, 6, 2), 0.5, 1);
    canvas.erase(new Segment(3, 0, 3, 4), 0.5);

    assertThat(row(2)).containsExactly(255, 255, 255, 0, 255, 255, 255);
  }

  @Test
  void blur_singleDot_spreadsOverItsNeighbours() {
    canvas.draw(new Segment(3, 2, 3, 2), 0.5, 1);
    canvas.blur(0.25);

    assertThat(row(2)).containsExactly(0, 0, 32, 64, 32, 0, 0);
    assertThat(row(1)).containsExactly(0, 0, 16, 32, 16, 0, 0);
    assertThat(row(3)).containsExactly(row(1));
  }

  @Test
  void blur_dotInTheCorner_doesNotReachTheRowBelow() {
    canvas.draw(new Segment(6, 0, 6, 0), 0.5, 1);
    canvas.blur(0.25);

    assertThat(row(0)).containsExactly(0, 0, 0, 0, 0, 32, 64);
    assertThat(row(1)).containsExactly(0, 0, 0, 0, 0, 16, 32);
    assertThat(row(4)).containsOnly(0);
  }

  @Test
  void blur_dotAtTheLeftEdge_doesNotReachTheRowAbove() {
    canvas.draw(new Segment(0, 2, 0, 2), 0.5, 1);
    canvas.blur(0.25);

    assertThat(row(1)).containsExactly(32, 16, 0, 0, 0, 0, 0);
    assertThat(row(2)).containsExactly(64, 32, 0, 0, 0, 0, 0);
  }

  @Test
  void lift_blackAndWhite_movesBlackOnly() {
    canvas.draw(new Segment(0, 2, 0, 2), 0.5, 1);
    canvas.lift(0.2);

    assertThat(row(2)).containsExactly(255, 51, 51, 51, 51, 51, 51);
  }

  @Test
  void writeBytes_noiseBeyondTheRange_isClamped() {
    canvas.draw(new Segment(0, 2, 6, 2), 0.5, 1);
    canvas.addNoise(new Draws(() -> -1L), 1);
    assertThat(row(2)).containsOnly(255);

    canvas.addNoise(new Draws(() -> 0L), 3);
    assertThat(row(2)).containsOnly(0);
  }

  private int[] row(int row) {
    byte[] bytes = new byte[canvas.height() * canvas.width()];
    canvas.writeBytes(bytes, 0);
    int[] values = new int[canvas.width()];
    for (int column = 0; column < values.length; column++) {
      values[column] = bytes[row * values.length + column] & 0xff;
    }
    return values;
  }
}

package dev.merlon.model.data;

/**
 * A small grey picture of values in [0,1], drawn by distance field: a segment covers a pixel as far
 * as the pixel's centre lies within the pen's radius, with a ramp one pixel wide at its rim. Pixel
 * (column, row) has its centre at these very coordinates. Only exactly rounded arithmetic is used,
 * so equal input gives equal bits everywhere. Not thread-safe.
 */
final class PixelCanvas {
  private final int height;
  private final int width;
  private float[] values;

  PixelCanvas(int height, int width) {
    this.height = height;
    this.width = width;
    this.values = new float[height * width];
  }

  /** Rows. */
  int height() {
    return height;
  }

  /** Columns. */
  int width() {
    return width;
  }

  /** A segment of the pen's path, from (x0,y0) to (x1,y1) in pixels. */
  record Segment(double x0, double y0, double x1, double y1) {}

  /** Draws a round-ended segment; where it meets earlier ones the brighter value stays. */
  void draw(Segment segment, double radius, double intensity) {
    forEachCovered(
        segment,
        radius,
        (at, cover) -> values[at] = Math.max(values[at], (float) (cover * intensity)));
  }

  /** Wipes out whatever lies under a round-ended segment. */
  void erase(Segment segment, double radius) {
    forEachCovered(segment, radius, (at, cover) -> values[at] *= (float) (1 - cover));
  }

  /**
   * Smooths rows and columns by the kernel {@code (s, 1-2s, s)}; the outside counts as 0.
   *
   * @param share s, in [0, 1/3]
   */
  void blur(double share) {
    values = smoothed(smoothed(values, 1, width, share), width, height, share);
  }

  /** Lifts the whole picture: {@code v -> base + (1 - base) v}. */
  void lift(double base) {
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (base + (1 - base) * values[i]);
    }
  }

  /** Adds independent bell-shaped noise to every pixel. */
  void addNoise(Draws draws, double deviation) {
    for (int i = 0; i < values.length; i++) {
      values[i] += (float) draws.bell(deviation);
    }
  }

  /** Writes the picture as unsigned bytes, rounded to the nearest and clamped to 0..255. */
  void writeBytes(byte[] target, int offset) {
    for (int i = 0; i < values.length; i++) {
      float clamped = Math.max(0f, Math.min(1f, values[i]));
      target[offset + i] = (byte) (int) (clamped * 255f + 0.5f);
    }
  }

  private interface Cover {
    void at(int index, double cover);
  }

  private void forEachCovered(Segment s, double radius, Cover action) {
    double reach = radius + 0.5;
    int left = Math.max(0, (int) Math.ceil(Math.min(s.x0, s.x1) - reach));
    int right = Math.min(width - 1, (int) Math.floor(Math.max(s.x0, s.x1) + reach));
    int top = Math.max(0, (int) Math.ceil(Math.min(s.y0, s.y1) - reach));
    int bottom = Math.min(height - 1, (int) Math.floor(Math.max(s.y0, s.y1) + reach));
    for (int row = top; row <= bottom; row++) {
      for (int column = left; column <= right; column++) {
        double cover = Math.min(1, reach - distance(s, column, row));
        if (cover > 0) {
          action.at(row * width + column, cover);
        }
      }
    }
  }

  private static double distance(Segment s, double x, double y) {
    double alongX = s.x1 - s.x0;
    double alongY = s.y1 - s.y0;
    double lengthSquared = alongX * alongX + alongY * alongY;
    double projected = (x - s.x0) * alongX + (y - s.y0) * alongY;
    double share = lengthSquared > 0 ? projected / lengthSquared : 0;
    double nearest = Math.max(0, Math.min(1, share));
    double dx = x - s.x0 - nearest * alongX;
    double dy = y - s.y0 - nearest * alongY;
    return Math.sqrt(dx * dx + dy * dy);
  }

  private static float[] smoothed(float[] source, int stride, int length, double share) {
    float[] result = new float[source.length];
    float side = (float) share;
    float middle = 1 - 2 * side;
    for (int i = 0; i < source.length; i++) {
      int position = i / stride % length;
      float before = position > 0 ? source[i - stride] : 0f;
      float after = position < length - 1 ? source[i + stride] : 0f;
      result[i] = middle * source[i] + side * (before + after);
    }
    return result;
  }
}

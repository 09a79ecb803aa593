package dev.merlon.model.data;

/**
 * The affine map from the unit square of a glyph to the pixels of a picture: scale, shear, rotation
 * about the square's centre, then translation.
 *
 * @param xx share of x in the column
 * @param xy share of y in the column
 * @param yx share of x in the row
 * @param yy share of y in the row
 * @param column where the square's centre goes, in pixels
 * @param row where the square's centre goes, in pixels
 */
record DigitPlacement(double xx, double xy, double yx, double yy, double column, double row) {
  private static final double MEAN_WIDTH = 13;
  private static final double MEAN_HEIGHT = 18;
  private static final double ROTATION = 0.1;
  private static final double SHEAR = 0.12;
  private static final double SHIFT = 0.8;

  /** Draws a placement in a picture of the given size. */
  static DigitPlacement random(Draws draws, int pictureHeight, int pictureWidth) {
    double width = MEAN_WIDTH * draws.uniform(0.85, 1.2);
    double height = MEAN_HEIGHT * draws.uniform(0.9, 1.12);
    double angle = draws.bell(ROTATION);
    double shear = draws.bell(SHEAR);
    double cosine = StrictMath.cos(angle);
    double sine = StrictMath.sin(angle);
    return new DigitPlacement(
        cosine * width,
        -(sine + shear * cosine) * height,
        sine * width,
        (cosine - shear * sine) * height,
        (pictureWidth - 1) / 2.0 + draws.bell(SHIFT),
        (pictureHeight - 1) / 2.0 + draws.bell(SHIFT));
  }

  /** Column in pixels of a point of the unit square. */
  double columnOf(double x, double y) {
    return column + xx * (x - 0.5) + xy * (y - 0.5);
  }

  /** Row in pixels of a point of the unit square. */
  double rowOf(double x, double y) {
    return row + yx * (x - 0.5) + yy * (y - 0.5);
  }
}

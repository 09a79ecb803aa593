package dev.merlon.model.verify.vnnlib;

import ai.djl.ndarray.types.DataType;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import java.util.stream.Stream;
import org.apache.commons.numbers.fraction.BigFraction;

/** The binary numbers that a model takes or gives. A double holds each of them exactly. */
public enum Format {
  /** IEEE 754 binary32. */
  FLOAT32(9) {
    @Override
    double read(BigDecimal decimal) {
      return decimal.floatValue();
    }

    @Override
    double floor(BigFraction value) {
      return Fractions.floorFloat(value);
    }

    @Override
    double next(double value) {
      return Math.nextUp((float) value);
    }

    @Override
    double largest() {
      return Float.MAX_VALUE;
    }
  },
  /** IEEE 754 binary64. */
  FLOAT64(17) {
    @Override
    double read(BigDecimal decimal) {
      return decimal.doubleValue();
    }

    @Override
    double floor(BigFraction value) {
      return Fractions.floor(value);
    }

    @Override
    double next(double value) {
      return Math.nextUp(value);
    }

    @Override
    double largest() {
      return Double.MAX_VALUE;
    }
  };

  private final int digits;

  Format(int digits) {
    this.digits = digits;
  }

  /**
   * The format of an element type.
   *
   * @throws IllegalArgumentException when it is neither float32 nor float64
   */
  public static Format of(DataType type) {
    return Stream.of(values())
        .filter(format -> format.name().equals(type.name()))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("numbers of type " + type));
  }

  /** The number that a decimal is read as: the nearest one. */
  abstract double read(BigDecimal decimal);

  /** The largest number that is not above {@code value}. */
  abstract double floor(BigFraction value);

  /** The smallest number above one of this format. */
  abstract double next(double value);

  /** The largest finite number. */
  abstract double largest();

  /** The smallest number that is not below {@code value}. */
  double ceiling(BigFraction value) {
    return -floor(value.negate()) + 0.0;
  }

  /** The nearest number of this format. */
  public double nearest(double value) {
    return this == FLOAT32 ? (float) value : value;
  }

  /**
   * Decimals that are read as {@code value}, from short to exact: the shortest in this format, the
   * shortest in float64, all digits.
   */
  List<BigDecimal> decimals(double value) {
    return List.of(shortest(value), FLOAT64.shortest(value), new BigDecimal(value));
  }

  private BigDecimal shortest(double value) {
    BigDecimal exact = new BigDecimal(value);
    for (int length = 1; length < digits; length++) {
      BigDecimal candidate = exact.round(new MathContext(length));
      if (read(candidate) == value) {
        return candidate;
      }
    }
    return exact.round(new MathContext(digits));
  }
}

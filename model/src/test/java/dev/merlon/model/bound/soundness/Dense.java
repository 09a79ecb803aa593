package dev.merlon.model.bound.soundness;

/** Matrices and vectors in Java memory, without any care for speed. */
final class Dense {
  private Dense() {}

  static double[][] identity(int width, double value) {
    double[][] identity = new double[width][width];
    for (int i = 0; i < width; i++) {
      identity[i][i] = value;
    }
    return identity;
  }

  static double[][] product(double[][] left, double[][] right) {
    int columns = right[0].length;
    double[][] product = new double[left.length][columns];
    for (int r = 0; r < left.length; r++) {
      for (int i = 0; i < right.length; i++) {
        double factor = left[r][i];
        for (int j = 0; factor != 0 && j < columns; j++) {
          product[r][j] += factor * right[i][j];
        }
      }
    }
    return product;
  }

  static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  static double[] times(double[][] matrix, double[] vector) {
    double[] result = new double[matrix.length];
    for (int i = 0; i < result.length; i++) {
      result[i] = dot(matrix[i], vector);
    }
    return result;
  }

  static double[][] absolute(double[][] matrix) {
    double[][] result = new double[matrix.length][];
    for (int i = 0; i < matrix.length; i++) {
      result[i] = matrix[i].clone();
      for (int j = 0; j < result[i].length; j++) {
        result[i][j] = Math.abs(result[i][j]);
      }
    }
    return result;
  }

  static double[][] sum(double[][] a, double[][] b) {
    double[][] result = new double[a.length][];
    for (int i = 0; i < a.length; i++) {
      result[i] = sum(a[i], b[i]);
    }
    return result;
  }

  static double[] sum(double[] a, double[] b) {
    double[] result = a.clone();
    for (int i = 0; i < a.length; i++) {
      result[i] += b[i];
    }
    return result;
  }

  static double[] scaled(double[] vector, double factor) {
    double[] result = vector.clone();
    for (int i = 0; i < vector.length; i++) {
      result[i] *= factor;
    }
    return result;
  }

  static double[] negated(double... vector) {
    return scaled(vector, -1);
  }

  /** The sum of absolute values. */
  static double absoluteSum(double... vector) {
    double sum = 0;
    for (double value : vector) {
      sum += Math.abs(value);
    }
    return sum;
  }

  /** The Euclidean length. */
  static double length(double... vector) {
    return Math.sqrt(dot(vector, vector));
  }

  /** The largest absolute value. */
  static double largest(double... vector) {
    double largest = 0;
    for (double value : vector) {
      largest = Math.max(largest, Math.abs(value));
    }
    return largest;
  }
}

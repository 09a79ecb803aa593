package dev.merlon.model.norm;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import dev.merlon.model.tensor.HostTensor;
import dev.merlon.model.tensor.Scope;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Enclosures of the images of a batch, as tensors in the scope of the samples. */
final class AffineBatch {
  // Numbers in [0,2] or so are added up: more than their roundings.
  private static final double SUM = 0x1p-50;

  private AffineBatch() {}

  /** What holds all points of a cell of the set around each sample of {@code x [N, ...]}. */
  static Enclosure.Affine of(ParametricSet set, NDArray x, Cell cell) {
    float[] all = HostTensor.copyOf(x).toFloats();
    int samples = Math.toIntExact(x.getShape().get(0));
    int width = all.length / samples;
    double[] center = new double[all.length];
    double[] error = new double[all.length];
    double[][] generators = new double[cell.parameters()][all.length];
    for (int n = 0; n < samples; n++) {
      float[] sample = Arrays.copyOfRange(all, n * width, (n + 1) * width);
      AffineImage image = set.enclosure(sample, cell);
      System.arraycopy(image.center(), 0, center, n * width, width);
      for (int k = 0; k < generators.length; k++) {
        System.arraycopy(image.generators()[k], 0, generators[k], n * width, width);
      }
      for (int i = 0; i < width; i++) {
        error[n * width + i] = image.error()[i] + ParametricSet.TOLERANCE + SUM;
      }
    }
    List<NDArray> tensors = new ArrayList<>();
    for (double[] generator : generators) {
      tensors.add(tensor(generator, x));
    }
    return new Enclosure.Affine(tensor(center, x), tensors, tensor(error, x));
  }

  private static NDArray tensor(double[] values, NDArray like) {
    return tensor(values, like, like.getDataType(), like.getShape().getShape());
  }

  /** Values as a tensor in the scope of another. */
  static NDArray tensor(double[] values, NDArray owner, DataType type, long... shape) {
    try (Scope work = Scope.within(owner, "enclosure")) {
      NDArray made = work.tensor(values, type, shape);
      made.attach(owner.getManager());
      return made;
    }
  }
}

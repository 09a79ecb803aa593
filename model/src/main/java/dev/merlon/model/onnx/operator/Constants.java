package dev.merlon.model.onnx.operator;

import ai.djl.ndarray.types.Shape;
import dev.merlon.model.onnx.graph.ModelFormatException;
import dev.merlon.model.tensor.HostTensor;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** Exact operations on constants of a file, and how they broadcast over samples. */
final class Constants {
  private Constants() {}

  /** The values with the other sign. */
  static HostTensor negated(HostTensor constant) {
    double[] values = constant.toDoubles();
    Arrays.setAll(values, i -> -values[i]);
    return HostTensor.of(values, constant.shape().getShape()).as(constant.type());
  }

  /** The same values in the same order under another shape of the same size. */
  static HostTensor reshaped(HostTensor constant, long... shape) {
    return HostTensor.of(constant.type(), new Shape(shape), constant.toByteArray());
  }

  /** The axes in another order. */
  static HostTensor transposed(HostTensor constant, List<Integer> axes) {
    long[] from = constant.shape().getShape();
    long[] to = axes.stream().mapToLong(axis -> from[axis]).toArray();
    long[] steps = new long[from.length];
    long step = 1;
    for (int axis = from.length - 1; axis >= 0; axis--) {
      steps[axis] = step;
      step *= from[axis];
    }
    double[] values = constant.toDoubles();
    double[] moved = new double[values.length];
    for (int i = 0; i < moved.length; i++) {
      long source = 0;
      long rest = i;
      for (int axis = to.length - 1; axis >= 0; axis--) {
        source += rest % to[axis] * steps[axes.get(axis)];
        rest /= to[axis];
      }
      moved[i] = values[Math.toIntExact(source)];
    }
    return HostTensor.of(moved, to).as(constant.type());
  }

  /** The constant with as many axes as a sample, to which it broadcasts as it does to a batch. */
  static HostTensor forSample(HostTensor constant, Shape sample) {
    long[] extents = constant.shape().getShape();
    int more = extents.length - sample.dimension();
    ModelFormatException.unless(
        more <= 0 || (more == 1 && extents[0] == 1),
        "its constant of shape " + constant.shape() + " has an axis for the batch");
    long[] shape = new long[sample.dimension()];
    Arrays.fill(shape, 1);
    int kept = Math.min(extents.length, shape.length);
    System.arraycopy(extents, extents.length - kept, shape, shape.length - kept, kept);
    return reshaped(constant, shape);
  }

  /** The constant's value for each channel of a sample, if it differs along no other axis. */
  static Optional<List<Double>> perChannel(HostTensor constant, Shape sample) {
    long[] extents = forSample(constant, sample).shape().getShape();
    int channels = Math.toIntExact(sample.get(0));
    boolean fits = extents[0] == 1 || extents[0] == channels;
    for (int axis = 1; axis < extents.length; axis++) {
      fits &= extents[axis] == 1;
    }
    if (!fits) {
      return Optional.empty();
    }
    double[] values = constant.toDoubles();
    return Optional.of(
        values.length == 1
            ? Collections.nCopies(channels, values[0])
            : Arrays.stream(values).boxed().toList());
  }
}

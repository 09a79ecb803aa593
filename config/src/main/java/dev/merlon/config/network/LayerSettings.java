package dev.merlon.config.network;

import dev.merlon.config.value.Check;
import dev.merlon.config.value.Words;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * One layer of {@code network.layers}. What it takes follows from the layers before it, so only
 * what it makes of that is said here. Ranges are checked here, shapes when the network is built.
 */
public sealed interface LayerSettings {
  /** How the layer is called in configuration. */
  String kind();

  /** Calls the method of {@code visitor} for this layer. */
  <R> R accept(LayerVisitor<R> visitor);

  /** What is written besides the kind, such as {@code out = 16}; defaults are left out. */
  List<String> fields();

  /** The layer in HOCON, on one line. */
  default String render() {
    return fields().isEmpty() ? kind() : "{" + kind() + " {" + String.join(", ", fields()) + "}}";
  }

  /**
   * How a kernel or window slides over images.
   *
   * @param kernel height and width
   * @param stride step in both directions
   * @param padding places added on each side
   */
  record Sliding(Size kernel, Size stride, Size padding) {
    /** Checks the values. */
    public Sliding {
      kernel.requireWithin("kernel", 1);
      stride.requireWithin("stride", 1);
      padding.requireWithin("padding", 0);
    }

    /** A square kernel with the same step and padding in both directions. */
    public static Sliding square(int kernel, int stride, int padding) {
      return new Sliding(Size.square(kernel), Size.square(stride), Size.square(padding));
    }

    List<String> fields(Size usualStride) {
      List<String> fields = new ArrayList<>(List.of("kernel = " + kernel));
      if (!stride.equals(usualStride)) {
        fields.add("stride = " + stride);
      }
      if (!padding.equals(Size.square(0))) {
        fields.add("padding = " + padding);
      }
      return fields;
    }
  }

  /**
   * Two-dimensional convolution.
   *
   * @param out channels it gives
   * @param dilation distance of neighbouring taps
   * @param groups parts that the channels are divided into; as many as channels for a depthwise one
   * @param bias whether a bias is added
   */
  record Conv(int out, Sliding sliding, Size dilation, int groups, boolean bias)
      implements LayerSettings {
    /** Checks the values. */
    public Conv {
      Check.within("out", out, 1, Size.LARGEST);
      dilation.requireWithin("dilation", 1);
      Check.within("groups", groups, 1, Size.LARGEST);
    }

    @Override
    public String kind() {
      return "conv";
    }

    @Override
    public <R> R accept(LayerVisitor<R> visitor) {
      return visitor.conv(this);
    }

    @Override
    public List<String> fields() {
      List<String> fields = new ArrayList<>(List.of("out = " + out));
      fields.addAll(sliding.fields(Size.square(1)));
      if (!dilation.equals(Size.square(1))) {
        fields.add("dilation = " + dilation);
      }
      if (groups != 1) {
        fields.add("groups = " + groups);
      }
      if (!bias) {
        fields.add("bias = false");
      }
      return fields;
    }
  }

  /**
   * Fully connected layer.
   *
   * @param out units; none for as many as there are classes
   * @param bias whether a bias is added
   */
  record Linear(OptionalInt out, boolean bias) implements LayerSettings {
    /** Checks the values. */
    public Linear {
      out.ifPresent(units -> Check.within("out", units, 1, Size.LARGEST));
    }

    @Override
    public String kind() {
      return "linear";
    }

    @Override
    public <R> R accept(LayerVisitor<R> visitor) {
      return visitor.linear(this);
    }

    @Override
    public List<String> fields() {
      List<String> fields = new ArrayList<>();
      fields.add("out = " + (out.isPresent() ? out.getAsInt() : LayerReader.CLASSES));
      if (!bias) {
        fields.add("bias = false");
      }
      return fields;
    }
  }

  /**
   * Leaky ReLU.
   *
   * @param slope below 0, in {@code [0, 1)}
   */
  record LeakyRelu(double slope) implements LayerSettings {
    static final double SLOPE = 0.01;

    /** Checks the values. */
    public LeakyRelu {
      Check.require(
          slope >= 0 && slope < 1, "slope", "is " + slope + ": must be at least 0 and below 1");
    }

    @Override
    public String kind() {
      return "leaky-relu";
    }

    @Override
    public <R> R accept(LayerVisitor<R> visitor) {
      return visitor.leakyRelu(this);
    }

    @Override
    public List<String> fields() {
      return slope == SLOPE ? List.of() : List.of("slope = " + slope);
    }
  }

  /** The largest value of each window; padding does not count. */
  record MaxPool(Sliding windows) implements LayerSettings {
    @Override
    public String kind() {
      return "max-pool";
    }

    @Override
    public <R> R accept(LayerVisitor<R> visitor) {
      return visitor.maxPool(this);
    }

    @Override
    public List<String> fields() {
      return windows.fields(windows.kernel());
    }
  }

  /**
   * The mean of each window.
   *
   * @param countPadding whether padding counts as zeros, or not at all
   */
  record AveragePool(Sliding windows, boolean countPadding) implements LayerSettings {
    @Override
    public String kind() {
      return "average-pool";
    }

    @Override
    public <R> R accept(LayerVisitor<R> visitor) {
      return visitor.averagePool(this);
    }

    @Override
    public List<String> fields() {
      List<String> fields = new ArrayList<>(windows.fields(windows.kernel()));
      if (countPadding) {
        fields.add("count-padding = true");
      }
      return fields;
    }
  }

  /**
   * The sum of what two lists of layers make of the same value.
   *
   * @param body at least one layer
   * @param shortcut none for the value itself
   */
  record Residual(List<LayerSettings> body, List<LayerSettings> shortcut) implements LayerSettings {
    /** Copies the lists and checks the values. */
    public Residual {
      body = List.copyOf(body);
      shortcut = List.copyOf(shortcut);
      Check.require(!body.isEmpty(), "body", "has no layers: must have at least one");
    }

    @Override
    public String kind() {
      return "residual";
    }

    @Override
    public <R> R accept(LayerVisitor<R> visitor) {
      return visitor.residual(this);
    }

    @Override
    public List<String> fields() {
      String inner = "body = " + LayerReader.render(body);
      return shortcut.isEmpty()
          ? List.of(inner)
          : List.of(inner, "shortcut = " + LayerReader.render(shortcut));
    }
  }

  /** Layers about which nothing more is to be said. */
  enum Plain implements LayerSettings {
    /** Batch norm, as the settings of batch norm say. */
    BATCH_NORM,
    /** {@code max(x, 0)}. */
    RELU,
    /** Logistic function. */
    SIGMOID,
    /** Hyperbolic tangent. */
    TANH,
    /** The mean of each channel. */
    GLOBAL_AVERAGE_POOL,
    /** Images to vectors. */
    FLATTEN;

    @Override
    public String kind() {
      return Words.of(this);
    }

    @Override
    public <R> R accept(LayerVisitor<R> visitor) {
      return visitor.plain(this);
    }

    @Override
    public List<String> fields() {
      return List.of();
    }
  }
}

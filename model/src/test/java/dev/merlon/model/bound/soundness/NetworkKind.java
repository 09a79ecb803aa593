package dev.merlon.model.bound.soundness;

import ai.djl.ndarray.types.Shape;
import dev.merlon.model.network.Network;
import dev.merlon.model.network.operation.Activation;
import dev.merlon.model.network.operation.Add;
import dev.merlon.model.network.operation.AveragePool;
import dev.merlon.model.network.operation.BatchNorm;
import dev.merlon.model.network.operation.Concat;
import dev.merlon.model.network.operation.Conv2d;
import dev.merlon.model.network.operation.Elementwise;
import dev.merlon.model.network.operation.Flatten;
import dev.merlon.model.network.operation.GlobalAveragePool;
import dev.merlon.model.network.operation.LeakyRelu;
import dev.merlon.model.network.operation.Linear;
import dev.merlon.model.network.operation.MaxPool;
import dev.merlon.model.network.operation.Normalize;
import dev.merlon.model.network.operation.Operation;
import dev.merlon.model.network.operation.Pad;
import dev.merlon.model.network.operation.Relu;
import dev.merlon.model.network.operation.Reshape;
import dev.merlon.model.network.operation.Sigmoid;
import dev.merlon.model.network.operation.Tanh;
import dev.merlon.model.network.operation.Transpose;
import dev.merlon.model.tensor.Convolution.Extent;
import dev.merlon.model.tensor.Convolution.Geometry;
import dev.merlon.model.tensor.Padding;
import dev.merlon.model.tensor.Windows;
import java.util.List;
import java.util.SplittableRandom;

/** The kinds of networks that bounds must be sound for; sizes and strides are drawn. */
enum NetworkKind {
  /** Fully connected. */
  MLP {
    @Override
    Network draw(SplittableRandom random) {
      Network.Builder builder = Network.builder(new Shape(1, 3, 4));
      builder.append("flatten", new Flatten());
      int hidden = 2 + random.nextInt(2);
      for (int i = 0; i < hidden; i++) {
        hiddenLinear(builder, "hidden" + i, 6 + random.nextInt(8));
      }
      return logits(builder, 3 + random.nextInt(3));
    }
  },
  /** Fully connected with batch normalisation. */
  MLP_BATCH_NORM {
    @Override
    Network draw(SplittableRandom random) {
      Network.Builder builder = Network.builder(new Shape(1, 4, 4));
      builder.append("flatten", new Flatten());
      for (int i = 0; i < 2; i++) {
        int width = 6 + random.nextInt(6);
        builder.append("linear" + i, new Linear(length(builder), width, true));
        builder.append("bn" + i, new BatchNorm(width, BatchNorm.EPSILON, 0.1));
        builder.append("relu" + i, new Relu());
      }
      return logits(builder, 4);
    }
  },
  /** Convolutions of any kernel, stride and padding behind a normalisation of several channels. */
  CONV {
    @Override
    Network draw(SplittableRandom random) {
      int channels = 1 + random.nextInt(3);
      Network.Builder builder = Network.builder(new Shape(channels, 7, 7));
      normalize(builder, channels, random);
      for (int i = 0; i < 2; i++) {
        builder.append("conv" + i, conv(builder, 2 + random.nextInt(3), random));
        builder.append("relu" + i, new Relu());
      }
      builder.append("flatten", new Flatten());
      if (random.nextBoolean()) {
        hiddenLinear(builder, "hidden", 8);
      }
      return logits(builder, 3);
    }
  },
  /** Normalisation, convolution, batch normalisation. */
  CONV_BATCH_NORM {
    @Override
    Network draw(SplittableRandom random) {
      int channels = 1 + random.nextInt(2);
      Network.Builder builder = Network.builder(new Shape(channels, 7, 7));
      normalize(builder, channels, random);
      for (int i = 0; i < 2; i++) {
        int out = 2 + random.nextInt(2);
        builder.append("conv" + i, conv(builder, out, random));
        builder.append("bn" + i, new BatchNorm(out, BatchNorm.EPSILON, 0.1));
        builder.append("relu" + i, new Relu());
      }
      builder.append("flatten", new Flatten());
      return logits(builder, 4);
    }
  },
  /** A residual block whose shortcut is a convolution or nothing at all. */
  RESIDUAL {
    @Override
    Network draw(SplittableRandom random) {
      Network.Builder builder = Network.builder(new Shape(2, 5, 5));
      normalize(builder, 2, random);
      builder.append(
          "stem", new Conv2d(2, 3, Extent.square(3), Extent.square(1), Extent.square(1), true));
      int fork = builder.append("stem-relu", new Relu());
      builder.append(
          "block1", new Conv2d(3, 3, Extent.square(3), Extent.square(1), Extent.square(1), false));
      builder.append("block-relu", new Relu());
      int end =
          builder.append(
              "block2",
              new Conv2d(3, 3, Extent.square(3), Extent.square(1), Extent.square(1), true));
      int shortcut =
          random.nextBoolean()
              ? fork
              : builder.add(
                  "shortcut",
                  new Conv2d(3, 3, Extent.square(1), Extent.square(1), Extent.square(0), false),
                  fork);
      builder.add("sum", new Add(), end, shortcut);
      builder.append("sum-relu", new Relu());
      builder.append("flatten", new Flatten());
      return logits(builder, 3);
    }
  },
  /** Every activation, behind fully connected layers or convolutions, some of them steep. */
  ACTIVATIONS {
    @Override
    Network draw(SplittableRandom random) {
      Network.Builder builder = Network.builder(new Shape(1, 4, 4));
      if (random.nextBoolean()) {
        builder.append("conv", conv(builder, 3, random));
        builder.append("conv-activation", activation(random));
      }
      builder.append("flatten", new Flatten());
      int hidden = 2 + random.nextInt(2);
      for (int i = 0; i < hidden; i++) {
        int width = 6 + random.nextInt(6);
        builder.append("hidden" + i, new Linear(length(builder), width, true));
        if (random.nextInt(3) == 0) {
          builder.append("bn" + i, new BatchNorm(width, 0.01 + 0.1 * random.nextDouble(), 0.1));
        }
        builder.append("activation" + i, activation(random));
      }
      return logits(builder, 3 + random.nextInt(2));
    }
  },
  /** Max pools and means of every geometry, in any place. */
  POOLS {
    @Override
    Network draw(SplittableRandom random) {
      Network.Builder builder = Network.builder(new Shape(2, 8, 7));
      if (random.nextBoolean()) {
        builder.append("first-pool", pool(builder, random));
      }
      builder.append(
          "conv0", new Conv2d(2, 3, Extent.square(3), Extent.square(1), Extent.square(1), true));
      if (random.nextBoolean()) {
        builder.append("activation0", activation(random));
      }
      builder.append("pool0", pool(builder, random));
      builder.append(
          "conv1", new Conv2d(3, 4, Extent.square(2), Extent.square(1), Extent.square(1), true));
      builder.append("pool1", pool(builder, random));
      builder.append("activation1", activation(random));
      if (random.nextBoolean()) {
        builder.append("global", new GlobalAveragePool());
      }
      builder.append("flatten", new Flatten());
      if (random.nextBoolean()) {
        hiddenLinear(builder, "hidden", 7);
      }
      return logits(builder, 3);
    }
  },
  /** Grouped, depthwise and dilated convolutions. */
  GROUPED {
    @Override
    Network draw(SplittableRandom random) {
      Network.Builder builder = Network.builder(new Shape(2, 7, 9));
      normalize(builder, 2, random);
      builder.append("depthwise", grouped(builder, 4, 2, random));
      builder.append("relu0", new Relu());
      builder.append("grouped", grouped(builder, 6, 2, random));
      builder.append("relu1", new LeakyRelu(0.1));
      builder.append(
          "point", new Conv2d(6, 3, Extent.square(1), Extent.square(1), Extent.square(0), true));
      builder.append("relu2", new Relu());
      builder.append("flatten", new Flatten());
      return logits(builder, 3);
    }
  },
  /** Channels last, constants of any shape in front of a padded convolution and behind it. */
  CHANNELS_LAST {
    @Override
    Network draw(SplittableRandom random) {
      Network.Builder builder = Network.builder(new Shape(5, 6, 2));
      constants(builder, "first", random);
      builder.append("to-front", new Transpose(List.of(2, 0, 1)));
      builder.append("pad", pad(random));
      builder.append("conv", conv(builder, 3, random));
      constants(builder, "second", random);
      builder.append("relu", new Relu());
      builder.append("pad-behind", pad(random));
      builder.append("to-back", new Transpose(List.of(1, 2, 0)));
      long size = builder.lastShape().size();
      builder.append("reshape", new Reshape(new Shape(size / 3, 3, 1)));
      builder.append("mix", new Transpose(List.of(1, 0, 2)));
      builder.append("flatten", new Flatten());
      constants(builder, "third", random);
      if (random.nextBoolean()) {
        hiddenLinear(builder, "hidden", 7);
      }
      return logits(builder, 3);
    }
  },
  /** Branches side by side, one of them taken twice. */
  BRANCHES {
    @Override
    Network draw(SplittableRandom random) {
      Network.Builder builder = Network.builder(new Shape(2, 5, 4));
      normalize(builder, 2, random);
      int left = builder.append("left", pointwise(2, 3));
      int relu = builder.append("relu", new Relu());
      int right = builder.add("right", pointwise(2, 2), random.nextBoolean() ? 0 : 1);
      builder.add("concat", new Concat(0, 4), right, relu, left, right);
      builder.append("mixed", new Relu());
      int wide = builder.append("wide", conv(builder, 3, random));
      builder.add("rows", new Concat(1 + random.nextInt(2), 2), wide, wide);
      builder.append("wide-relu", new Relu());
      builder.append("flatten", new Flatten());
      return logits(builder, 4);
    }
  };

  abstract Network draw(SplittableRandom random);

  /** One to three operations with constants that broadcast along some axes. */
  private static void constants(Network.Builder builder, String name, SplittableRandom random) {
    int count = 1 + random.nextInt(3);
    for (int i = 0; i < count; i++) {
      long[] shape = builder.lastShape().getShape().clone();
      for (int axis = 0; axis < shape.length; axis++) {
        shape[axis] = random.nextBoolean() ? 1 : shape[axis];
      }
      Elementwise.Kind[] kinds = Elementwise.Kind.values();
      builder.append(
          name + i, new Elementwise(kinds[random.nextInt(kinds.length)], new Shape(shape)));
    }
  }

  private static Pad pad(SplittableRandom random) {
    List<Integer> before = List.of(0, random.nextInt(2), random.nextInt(2));
    List<Integer> after = List.of(0, random.nextInt(3), random.nextInt(2));
    return new Pad(new Padding(before, after), random.nextBoolean() ? 0 : random.nextDouble());
  }

  private static Conv2d pointwise(int in, int out) {
    return new Conv2d(in, out, Extent.square(1), Extent.square(1), Extent.square(0), true);
  }

  private static Activation activation(SplittableRandom random) {
    return switch (random.nextInt(4)) {
      case 0 -> new Relu();
      case 1 -> new LeakyRelu(0.05 + 0.6 * random.nextDouble());
      case 2 -> new Sigmoid();
      default -> new Tanh();
    };
  }

  private static Operation pool(Network.Builder builder, SplittableRandom random) {
    long height = builder.lastShape().get(1);
    long width = builder.lastShape().get(2);
    Extent kernel =
        new Extent(
            (int) Math.min(2 + random.nextInt(2), height),
            (int) Math.min(2 + random.nextInt(2), width));
    Extent stride = new Extent(1 + random.nextInt(2), 1 + random.nextInt(2));
    int most = Math.min(kernel.height(), kernel.width()) / 2;
    Windows windows = new Windows(kernel, stride, Extent.square(Math.min(most, random.nextInt(2))));
    return random.nextBoolean()
        ? new MaxPool(windows)
        : new AveragePool(windows, random.nextBoolean());
  }

  private static Conv2d grouped(
      Network.Builder builder, int out, int groups, SplittableRandom random) {
    int in = Math.toIntExact(builder.lastShape().get(0));
    Extent dilation = new Extent(1 + random.nextInt(2), 1 + random.nextInt(2));
    Extent padding = Extent.square(1 + random.nextInt(2));
    Extent stride = new Extent(1 + random.nextInt(2), 1);
    Geometry geometry = new Geometry(stride, padding, dilation, groups);
    return new Conv2d(in, out, new Extent(2, 3), geometry, true);
  }

  private static Conv2d conv(Network.Builder builder, int out, SplittableRandom random) {
    int in = Math.toIntExact(builder.lastShape().get(0));
    Extent kernel = new Extent(2 + random.nextInt(2), 2 + random.nextInt(2));
    Extent stride = new Extent(1 + random.nextInt(2), 1 + random.nextInt(2));
    Extent padding = new Extent(random.nextInt(2), random.nextInt(2));
    return new Conv2d(in, out, kernel, stride, padding, random.nextBoolean());
  }

  private static void normalize(Network.Builder builder, int channels, SplittableRandom random) {
    List<Double> mean = random.doubles(channels, 0.2, 0.6).boxed().toList();
    List<Double> std = random.doubles(channels, 0.2, 0.5).boxed().toList();
    builder.append("normalize", new Normalize(mean, std));
  }

  private static void hiddenLinear(Network.Builder builder, String name, int width) {
    builder.append(name, new Linear(length(builder), width, true));
    builder.append(name + "-relu", new Relu());
  }

  private static Network logits(Network.Builder builder, int classes) {
    builder.append("logits", new Linear(length(builder), classes, true));
    return builder.build();
  }

  private static int length(Network.Builder builder) {
    return Math.toIntExact(builder.lastShape().size());
  }
}

package dev.merlon.model.verify.soundness;

import ai.djl.ndarray.types.Shape;
import dev.merlon.model.network.Network;
import dev.merlon.model.network.operation.Add;
import dev.merlon.model.network.operation.AveragePool;
import dev.merlon.model.network.operation.BatchNorm;
import dev.merlon.model.network.operation.Concat;
import dev.merlon.model.network.operation.Conv2d;
import dev.merlon.model.network.operation.Elementwise;
import dev.merlon.model.network.operation.Flatten;
import dev.merlon.model.network.operation.LeakyRelu;
import dev.merlon.model.network.operation.Linear;
import dev.merlon.model.network.operation.Normalize;
import dev.merlon.model.network.operation.Pad;
import dev.merlon.model.network.operation.Relu;
import dev.merlon.model.network.operation.Transpose;
import dev.merlon.model.tensor.Convolution.Extent;
import dev.merlon.model.tensor.Padding;
import dev.merlon.model.tensor.Windows;
import java.util.List;
import java.util.SplittableRandom;

/** Networks of 3 to 40 rectifiers whose nearest counterexamples a solver finds in milliseconds. */
enum TinyNetwork {
  /** Fully connected. */
  MLP {
    @Override
    Network draw(SplittableRandom random) {
      Network.Builder builder = Network.builder(new Shape(1, 1, 2 + random.nextInt(4)));
      builder.append("flatten", new Flatten());
      hidden(builder, 1 + random.nextInt(3), random);
      return logits(builder, random);
    }
  },
  /** Normalisation of channels, then fully connected. */
  NORMALISED {
    @Override
    Network draw(SplittableRandom random) {
      int channels = 1 + random.nextInt(3);
      Network.Builder builder = Network.builder(new Shape(channels, 1, 2));
      normalize(builder, channels, random);
      builder.append("flatten", new Flatten());
      hidden(builder, 1 + random.nextInt(2), random);
      return logits(builder, random);
    }
  },
  /** Batch normalisation between layers. */
  BATCH_NORM {
    @Override
    Network draw(SplittableRandom random) {
      Network.Builder builder = Network.builder(new Shape(1, 2, 2));
      builder.append("flatten", new Flatten());
      for (int i = 0; i < 2; i++) {
        int width = 2 + random.nextInt(4);
        builder.append("linear" + i, new Linear(length(builder), width, true));
        builder.append("bn" + i, new BatchNorm(width, BatchNorm.EPSILON, 0.1));
        builder.append("relu" + i, new Relu());
      }
      return logits(builder, random);
    }
  },
  /** A padded, strided convolution behind a normalisation. */
  CONV {
    @Override
    Network draw(SplittableRandom random) {
      int channels = 1 + random.nextInt(2);
      Network.Builder builder = Network.builder(new Shape(channels, 3, 3));
      normalize(builder, channels, random);
      builder.append("conv", conv(builder, random));
      builder.append("relu", new Relu());
      if (random.nextInt(3) == 0) {
        builder.append(
            "mean",
            new AveragePool(
                new Windows(Extent.square(1), Extent.square(1), Extent.square(0)), true));
      }
      builder.append("flatten", new Flatten());
      hidden(builder, random.nextInt(2), random);
      return logits(builder, random);
    }
  },
  /** Two convolutions with batch normalisation. */
  CONV_BATCH_NORM {
    @Override
    Network draw(SplittableRandom random) {
      Network.Builder builder = Network.builder(new Shape(1, 3, 3));
      normalize(builder, 1, random);
      for (int i = 0; i < 2; i++) {
        builder.append("conv" + i, conv(builder, random));
        builder.append("bn" + i, new BatchNorm(2, BatchNorm.EPSILON, 0.1));
        builder.append("relu" + i, new Relu());
      }
      builder.append("flatten", new Flatten());
      return logits(builder, random);
    }
  },
  /** A residual block. */
  RESIDUAL {
    @Override
    Network draw(SplittableRandom random) {
      Network.Builder builder = Network.builder(new Shape(1, 2, 3));
      normalize(builder, 1, random);
      builder.append("stem", conv3(1));
      int fork = builder.append("stem-relu", new Relu());
      int end = builder.append("block", conv3(2));
      builder.add("residual", new Add(), end, fork);
      builder.append("sum-relu", new Relu());
      builder.append("flatten", new Flatten());
      return logits(builder, random);
    }
  },
  /** Leaky rectifiers. */
  LEAKY {
    @Override
    Network draw(SplittableRandom random) {
      Network.Builder builder = Network.builder(new Shape(1, 1, 3));
      builder.append("flatten", new Flatten());
      for (int i = 0; i < 2; i++) {
        int width = 2 + random.nextInt(4);
        builder.append("hidden" + i, new Linear(length(builder), width, true));
        builder.append("leaky" + i, new LeakyRelu(0.05 + 0.6 * random.nextDouble()));
      }
      return logits(builder, random);
    }
  },
  /** Channels last, constants, padding and a transposition. */
  CHANNELS_LAST {
    @Override
    Network draw(SplittableRandom random) {
      Network.Builder builder = Network.builder(new Shape(2, 2, 2));
      builder.append("shift", new Elementwise(Elementwise.Kind.ADD, new Shape(1, 1, 2)));
      builder.append("scale", new Elementwise(Elementwise.Kind.DIVIDE, new Shape(1, 1, 2)));
      builder.append("to-front", new Transpose(List.of(2, 0, 1)));
      builder.append(
          "pad",
          new Pad(
              new Padding(List.of(0, 0, 1), List.of(0, 1, 0)),
              random.nextBoolean() ? 0 : random.nextDouble()));
      builder.append(
          "conv", new Conv2d(2, 3, Extent.square(2), Extent.square(1), Extent.square(0), true));
      builder.append("relu", new Relu());
      builder.append("to-back", new Transpose(List.of(1, 2, 0)));
      builder.append("flatten", new Flatten());
      hidden(builder, random.nextInt(2), random);
      return logits(builder, random);
    }
  },
  /** Branches side by side. */
  BRANCHES {
    @Override
    Network draw(SplittableRandom random) {
      Network.Builder builder = Network.builder(new Shape(1, 2, 2));
      normalize(builder, 1, random);
      int left = builder.append("left", point(1, 2));
      int relu = builder.append("relu", new Relu());
      int right = builder.add("right", point(1, 1), random.nextBoolean() ? 0 : 1);
      builder.add("concat", new Concat(0, 3), right, relu, left);
      builder.append("mixed", point(5, 2));
      builder.append("mixed-relu", new Relu());
      builder.append("flatten", new Flatten());
      return logits(builder, random);
    }
  },
  /** Many narrow layers. */
  DEEP {
    @Override
    Network draw(SplittableRandom random) {
      Network.Builder builder = Network.builder(new Shape(1, 1, 3));
      normalize(builder, 1, random);
      builder.append("flatten", new Flatten());
      for (int i = 0; i < 4; i++) {
        builder.append("hidden" + i, new Linear(length(builder), 3, true));
        builder.append("relu" + i, new Relu());
      }
      return logits(builder, random);
    }
  };

  abstract Network draw(SplittableRandom random);

  private static void hidden(Network.Builder builder, int layers, SplittableRandom random) {
    for (int i = 0; i < layers; i++) {
      builder.append("hidden" + i, new Linear(length(builder), 2 + random.nextInt(5), true));
      builder.append("hidden-relu" + i, new Relu());
    }
  }

  private static void normalize(Network.Builder builder, int channels, SplittableRandom random) {
    List<Double> mean = random.doubles(channels, 0.2, 0.6).boxed().toList();
    List<Double> std = random.doubles(channels, 0.2, 0.5).boxed().toList();
    builder.append("normalize", new Normalize(mean, std));
  }

  private static Conv2d conv(Network.Builder builder, SplittableRandom random) {
    int in = Math.toIntExact(builder.lastShape().get(0));
    int least = (int) Math.min(builder.lastShape().get(1), builder.lastShape().get(2));
    int kernel = Math.min(2 + random.nextInt(2), least + 2);
    int padding = kernel > least ? 1 : random.nextInt(2);
    Extent stride = new Extent(1 + random.nextInt(2), 1 + random.nextInt(2));
    return new Conv2d(in, 2, Extent.square(kernel), stride, Extent.square(padding), true);
  }

  private static Conv2d conv3(int in) {
    return new Conv2d(in, 2, Extent.square(3), Extent.square(1), Extent.square(1), true);
  }

  private static Conv2d point(int in, int out) {
    return new Conv2d(in, out, Extent.square(1), Extent.square(1), Extent.square(0), true);
  }

  private static Network logits(Network.Builder builder, SplittableRandom random) {
    builder.append("logits", new Linear(length(builder), 2 + random.nextInt(2), true));
    return builder.build();
  }

  private static int length(Network.Builder builder) {
    return Math.toIntExact(builder.lastShape().size());
  }
}

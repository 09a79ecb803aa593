package dev.merlon.model.optimize;

import dev.merlon.config.objective.ProjectionSettings;
import dev.merlon.model.network.Network;
import dev.merlon.model.network.ParameterValues;
import dev.merlon.model.network.operation.ParameterSpec;
import dev.merlon.model.network.operation.ParameterSpec.Role;
import dev.merlon.model.tensor.HostTensor;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Gradient projection of CURE (as in RAMP's code): what a natural and a certified branch have made
 * of the same tensor {@code t} becomes {@code t + beta GP(g_n) + (1-beta) g_c}, with {@code g_n},
 * {@code g_c} their changes and {@code GP} the part of {@code g_n} that agrees with {@code g_c}; 0
 * where the cosine between them is not positive. Every tensor by itself: weights, biases,
 * parameters and running statistics of batch normalisation; numbers without axes are those of the
 * certified branch. Computed in float64 in the order of the elements, so that equal branches give
 * equal bits.
 *
 * @param weight {@code beta} in {@code [0, 1)}
 * @param form what is kept of a natural change
 */
public record GradientProjection(double weight, ProjectionSettings.Form form) {
  /** The projection of a run. */
  public static GradientProjection of(ProjectionSettings settings) {
    return new GradientProjection(settings.weight(), settings.form());
  }

  /**
   * What became of two branches.
   *
   * @param values merged tensors, in the type of the start's
   * @param cosines cosine between both changes by tensor, in the network's order; 0 where one of
   *     them is zero. Constants and numbers without axes have none
   */
  public record Merged(ParameterValues values, Map<String, Double> cosines) {
    /** Keeps the order of the map. */
    public Merged {
      cosines = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(cosines));
    }
  }

  /**
   * Merges two branches.
   *
   * @param start what both branches began with
   * @param natural what natural training made of it
   * @param certified what certified training made of it
   */
  public Merged merge(
      Network network, ParameterValues start, ParameterValues natural, ParameterValues certified) {
    Map<String, HostTensor> merged = new LinkedHashMap<>();
    Map<String, Double> cosines = new LinkedHashMap<>();
    network
        .parameters()
        .forEach(
            (name, spec) -> {
              HostTensor kept = certified.get(name);
              if (isCompared(spec)) {
                Branches branches = Branches.of(start.get(name), natural.get(name), kept);
                cosines.put(name, branches.cosine());
                kept = tensor(branches, spec.role()).as(start.get(name).type());
              }
              merged.put(name, kept);
            });
    return new Merged(ParameterValues.of(network, merged), cosines);
  }

  private static boolean isCompared(ParameterSpec spec) {
    return spec.role() != Role.CONSTANT && spec.shape().dimension() > 0;
  }

  private HostTensor tensor(Branches branches, Role role) {
    double kept = weight * branches.share(form);
    double[] merged = new double[branches.start().length];
    for (int i = 0; i < merged.length; i++) {
      double onto =
          form == ProjectionSettings.Form.COSINE ? branches.natural()[i] : branches.certified()[i];
      merged[i] = branches.start()[i] + kept * onto + (1 - weight) * branches.certified()[i];
      if (role == Role.RUNNING_VARIANCE) {
        merged[i] = Math.max(merged[i], branches.smallest(i));
      }
    }
    return HostTensor.of(merged, branches.shape());
  }

  /** One tensor at the start and both changes of it, flattened, in float64. */
  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  private record Branches(double[] start, double[] natural, double[] certified, long... shape) {

    static Branches of(HostTensor start, HostTensor natural, HostTensor certified) {
      double[] from = start.toDoubles();
      return new Branches(
          from, change(from, natural), change(from, certified), start.shape().getShape());
    }

    private static double[] change(double[] from, HostTensor to) {
      double[] change = to.toDoubles();
      Arrays.setAll(change, i -> change[i] - from[i]);
      return change;
    }

    double cosine() {
      double lengths = Math.sqrt(dot(natural, natural)) * Math.sqrt(dot(certified, certified));
      return lengths == 0 ? 0 : dot(natural, certified) / lengths;
    }

    /** What {@link ProjectionSettings.Form} multiplies the change that it keeps by. */
    double share(ProjectionSettings.Form form) {
      double cosine = cosine();
      if (!(cosine > 0)) {
        return 0;
      }
      return switch (form) {
        case COSINE -> cosine;
        case ORTHOGONAL -> dot(natural, certified) / dot(certified, certified);
      };
    }

    // An orthogonal projection spreads a long change over elements that hardly changed, and may
    // take
    // a small variance below 0: it goes no lower than the smallest of the three that were measured.
    double smallest(int i) {
      return start[i] + Math.min(0, Math.min(natural[i], certified[i]));
    }

    private static double dot(double[] one, double[] other) {
      double sum = 0;
      for (int i = 0; i < one.length; i++) {
        sum += one[i] * other[i];
      }
      return sum;
    }
  }
}

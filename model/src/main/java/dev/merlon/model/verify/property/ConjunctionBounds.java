package dev.merlon.model.verify.property;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import dev.merlon.model.bound.box.Box;
import dev.merlon.model.bound.box.BoxPropagation;
import dev.merlon.model.bound.box.BoxTrace;
import dev.merlon.model.bound.box.InputSet;
import dev.merlon.model.bound.box.Rounding;
import dev.merlon.model.bound.linear.CrownBounds;
import dev.merlon.model.bound.linear.CrownOptions;
import dev.merlon.model.bound.split.OutputRows;
import dev.merlon.model.bound.split.SplitBounds;
import dev.merlon.model.network.LiveNetwork;
import dev.merlon.model.onnx.operator.Ending;
import dev.merlon.model.tensor.Autograd;
import dev.merlon.model.tensor.HostTensor;
import dev.merlon.model.tensor.Scope;
import dev.merlon.model.verify.branch.Root;
import dev.merlon.model.verify.ladder.BoxSubproblem;
import dev.merlon.model.verify.specification.Conjunction;
import dev.merlon.model.verify.specification.LinearConstraint;
import dev.merlon.model.verify.verdict.Rung;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** Excludes conjunctions on boxes of inputs by bounds that make up for rounding. */
final class ConjunctionBounds {
  private static final CrownOptions CROWN = CrownOptions.sparse().withRounding(Rounding.REAL);

  private final LiveNetwork live;
  private final Ending ending;

  /**
   * @param live computes the logits
   * @param ending how the outputs that constraints are about follow from them
   */
  ConjunctionBounds(LiveNetwork live, Ending ending) {
    this.live = live;
    this.ending = ending;
  }

  /**
   * Bounds of logits over subproblems.
   *
   * @param rows {@code [subproblems * rows]} lower bounds of {@link Reading.Row}
   * @param lowest {@code [subproblems * outputs]}
   * @param highest {@code [subproblems * outputs]}
   */
  @SuppressWarnings("ArrayRecordComponent") // Handed over, never compared.
  private record Found(double[] rows, double[] lowest, double[] highest) {
    /** Those of one subproblem. */
    Found of(int number, int rowCount, int outputs) {
      return new Found(
          Arrays.copyOfRange(rows, number * rowCount, (number + 1) * rowCount),
          Arrays.copyOfRange(lowest, number * outputs, (number + 1) * outputs),
          Arrays.copyOfRange(highest, number * outputs, (number + 1) * outputs));
    }
  }

  /**
   * The subproblems with the conjunctions that remain; those without any are left out.
   *
   * @param rung {@link Rung#ALPHA_CROWN}, for one subproblem, {@link Rung#CROWN}, or another for
   *     one backward pass over boxes
   * @param expired whether time is up
   * @throws dev.merlon.model.bound.linear.OutOfTime when it was up before there was an answer
   */
  List<BoxSubproblem> exclude(List<BoxSubproblem> subproblems, Rung rung, BooleanSupplier expired) {
    Map<LinearConstraint, Reading> readings = readings(subproblems);
    Map<Reading.Row, Integer> places = places(readings.values());
    Found found =
        rung == Rung.ALPHA_CROWN
            ? ascend(subproblems.get(0), places.keySet(), expired)
            : bound(subproblems, places.keySet(), rung, expired);
    List<BoxSubproblem> remaining = new ArrayList<>();
    for (int n = 0; n < subproblems.size(); n++) {
      BoxSubproblem subproblem = subproblems.get(n);
      Found here = found.of(n, places.size(), live.network().classes());
      Set<LinearConstraint> excluded = new HashSet<>();
      readings.forEach(
          (one, reading) -> {
            double[] rows =
                reading.rows().stream()
                    .mapToDouble(row -> here.rows()[Objects.requireNonNull(places.get(row))])
                    .toArray();
            if (reading.excluded(subproblem, rows, here.lowest(), here.highest())) {
              excluded.add(one);
            }
          });
      List<Conjunction> open =
          subproblem.cases().stream()
              .filter(wanted -> wanted.constraints().stream().noneMatch(excluded::contains))
              .toList();
      if (!open.isEmpty()) {
        remaining.add(subproblem.with(open));
      }
    }
    return remaining;
  }

  private Map<LinearConstraint, Reading> readings(List<BoxSubproblem> subproblems) {
    int outputs = live.network().classes();
    Map<LinearConstraint, Reading> readings = new LinkedHashMap<>();
    for (BoxSubproblem subproblem : subproblems) {
      for (Conjunction wanted : subproblem.cases()) {
        for (LinearConstraint one : wanted.constraints()) {
          readings.computeIfAbsent(one, key -> Reading.of(key, ending, outputs));
        }
      }
    }
    return readings;
  }

  /** Every row once, with its place. */
  private static Map<Reading.Row, Integer> places(Collection<Reading> readings) {
    Map<Reading.Row, Integer> places = new LinkedHashMap<>();
    readings.forEach(reading -> reading.rows().forEach(row -> places.put(row, 0)));
    int next = 0;
    for (Map.Entry<Reading.Row, Integer> entry : places.entrySet()) {
      entry.setValue(next++);
    }
    return places;
  }

  private Found bound(
      List<BoxSubproblem> subproblems,
      Set<Reading.Row> wanted,
      Rung rung,
      BooleanSupplier expired) {
    try (Scope scope = live.scope().child("property bounds")) {
      return Autograd.withoutGradients(
          () -> {
            LiveNetwork inner = live.detached(scope);
            InputSet input = input(subproblems, scope);
            BoxTrace trace = BoxPropagation.over(inner, input, Rounding.REAL);
            double[] rows = {};
            if (!wanted.isEmpty()) {
              try (CrownBounds bounds = crown(trace, input, rung, expired)) {
                rows = values(bounds.lower(output(), rows(wanted, scope)));
              }
            }
            return found(rows, trace.output());
          });
    }
  }

  private static CrownBounds crown(
      BoxTrace trace, InputSet input, Rung rung, BooleanSupplier expired) {
    return rung == Rung.CROWN
        ? CrownBounds.of(trace.live(), input, CROWN.withTime(expired))
        : CrownBounds.overBoxes(
            trace, input, CrownOptions.everyLayerConcretised().withTime(expired));
  }

  private Found ascend(BoxSubproblem subproblem, Set<Reading.Row> wanted, BooleanSupplier expired) {
    try (Root root = root(subproblem, expired)) {
      int[] all = IntStream.range(0, wanted.size()).toArray();
      OutputRows functions = (bounds, numbers, scope) -> rows(wanted, scope);
      double[] rows =
          root.raised(functions, expired, all).stream()
              .mapToDouble(SplitBounds.Bounded::lower)
              .toArray();
      return Autograd.withoutGradients(() -> found(rows, root.known().trace().output()));
    }
  }

  /** Works with bounds of one subproblem, improved inside the network. */
  <T> T inside(
      BoxSubproblem subproblem, BooleanSupplier expired, Function<RowBranching.Inside, T> work) {
    try (Root root = root(subproblem, expired)) {
      return root.improved(
          expired,
          improved -> {
            Box outputs = improved.known().trace().output();
            Found found = Autograd.withoutGradients(() -> found(new double[0], outputs));
            return work.apply(
                new RowBranching.Inside(subproblem, improved, found.lowest(), found.highest()));
          });
    }
  }

  private Root root(BoxSubproblem subproblem, BooleanSupplier expired) {
    return Root.of(
        live, (inner, scope) -> input(List.of(subproblem), scope), CROWN.withTime(expired));
  }

  private InputSet input(List<BoxSubproblem> subproblems, Scope scope) {
    return InputSet.between(
        tensor(subproblems.stream().map(BoxSubproblem::lower).toList(), scope),
        tensor(subproblems.stream().map(BoxSubproblem::upper).toList(), scope));
  }

  private NDArray tensor(List<double[]> corners, Scope scope) {
    double[] all = corners.stream().flatMapToDouble(Arrays::stream).toArray();
    long[] sample = live.network().inputShape().getShape();
    long[] shape =
        LongStream.concat(LongStream.of(corners.size()), LongStream.of(sample)).toArray();
    return scope.tensor(all, DataType.FLOAT64, shape);
  }

  private NDArray rows(Set<Reading.Row> wanted, Scope scope) {
    int outputs = live.network().classes();
    double[] all = new double[wanted.size() * outputs];
    int start = 0;
    for (Reading.Row row : wanted) {
      for (Map.Entry<Integer, Double> entry : row.coefficients().entrySet()) {
        all[start + entry.getKey()] = entry.getValue();
      }
      start += outputs;
    }
    return scope.tensor(all, DataType.FLOAT64, 1, wanted.size(), outputs);
  }

  private int output() {
    return live.network().output().id();
  }

  private static Found found(double[] rows, Box outputs) {
    return new Found(rows, values(outputs.lower()), values(outputs.upper()));
  }

  private static double[] values(NDArray array) {
    return HostTensor.copyOf(array).toDoubles();
  }
}

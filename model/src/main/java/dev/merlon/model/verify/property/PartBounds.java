package dev.merlon.model.verify.property;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import dev.merlon.model.bound.AscentSettings;
import dev.merlon.model.bound.Box;
import dev.merlon.model.bound.BoxPropagation;
import dev.merlon.model.bound.BoxTrace;
import dev.merlon.model.bound.CrownBounds;
import dev.merlon.model.bound.CrownOptions;
import dev.merlon.model.bound.InputSet;
import dev.merlon.model.bound.PreActivations;
import dev.merlon.model.bound.Rounding;
import dev.merlon.model.bound.SplitBounds;
import dev.merlon.model.network.LiveNetwork;
import dev.merlon.model.tensor.Autograd;
import dev.merlon.model.tensor.HostTensor;
import dev.merlon.model.tensor.Scope;
import dev.merlon.model.verify.vnnlib.Conjunction;
import dev.merlon.model.verify.vnnlib.LinearConstraint;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.LongStream;

/** Excludes conjunctions on boxes of inputs by bounds that make up for rounding. */
final class PartBounds {
  private static final CrownOptions CROWN = CrownOptions.sparse().withRounding(Rounding.REAL);
  private static final AscentSettings ASCENT = AscentSettings.whole(50).withPatience(10);
  private static final AscentSettings INSIDE = AscentSettings.whole(20).withPatience(5);

  private final LiveNetwork live;

  PartBounds(LiveNetwork live) {
    this.live = live;
  }

  /** How outputs are bounded, from cheap to dear. */
  enum Method {
    /** Boxes, and one backward pass over them. */
    CROWN_IBP,
    /** A backward pass for every layer. */
    CROWN,
    /** The same with slopes optimised for each constraint. */
    ALPHA_CROWN
  }

  /**
   * Bounds of outputs over parts.
   *
   * @param rows {@code [parts * constraints]} lower bounds of {@link Exclusion#row}
   * @param lowest {@code [parts * outputs]}
   * @param highest {@code [parts * outputs]}
   */
  @SuppressWarnings("ArrayRecordComponent") // Handed over, never compared.
  private record Found(double[] rows, double[] lowest, double[] highest) {}

  /**
   * The parts with the conjunctions that remain; parts without any are left out.
   *
   * @param expired whether time is up
   * @throws dev.merlon.model.bound.OutOfTime when it was up before there was an answer
   */
  List<OpenPart> exclude(List<OpenPart> parts, Method method, BooleanSupplier expired) {
    List<LinearConstraint> constraints = constraints(parts);
    Found found =
        method == Method.ALPHA_CROWN
            ? ascend(parts.get(0), constraints, expired)
            : bound(parts, constraints, method, expired);
    int outputs = live.network().classes();
    List<OpenPart> remaining = new ArrayList<>();
    for (int n = 0; n < parts.size(); n++) {
      OpenPart part = parts.get(n);
      double[] lowest = Arrays.copyOfRange(found.lowest(), n * outputs, (n + 1) * outputs);
      double[] highest = Arrays.copyOfRange(found.highest(), n * outputs, (n + 1) * outputs);
      int first = n * constraints.size();
      List<Conjunction> open =
          part.cases().stream()
              .filter(
                  wanted ->
                      wanted.constraints().stream()
                          .noneMatch(
                              one ->
                                  Exclusion.byOutputs(one, part, lowest, highest)
                                      || Exclusion.byRow(
                                          one,
                                          found.rows()[first + constraints.indexOf(one)],
                                          part,
                                          lowest,
                                          highest)))
              .toList();
      if (!open.isEmpty()) {
        remaining.add(part.with(open));
      }
    }
    return remaining;
  }

  private static List<LinearConstraint> constraints(List<OpenPart> parts) {
    Set<LinearConstraint> all = new LinkedHashSet<>();
    parts.forEach(part -> part.cases().forEach(wanted -> all.addAll(wanted.constraints())));
    return List.copyOf(all);
  }

  private Found bound(
      List<OpenPart> parts,
      List<LinearConstraint> constraints,
      Method method,
      BooleanSupplier expired) {
    try (Scope scope = live.scope().child("property bounds")) {
      return Autograd.withoutGradients(
          () -> {
            LiveNetwork inner = live.detached(scope);
            InputSet input = input(parts, scope);
            BoxTrace trace = BoxPropagation.over(inner, input, Rounding.REAL);
            double[] rows = {};
            if (!constraints.isEmpty()) {
              try (CrownBounds bounds = crown(trace, input, method, expired)) {
                rows = values(bounds.lower(output(), rows(constraints, scope)));
              }
            }
            return found(rows, trace.output());
          });
    }
  }

  private static CrownBounds crown(
      BoxTrace trace, InputSet input, Method method, BooleanSupplier expired) {
    return method == Method.CROWN
        ? CrownBounds.of(trace.live(), input, CROWN.withTime(expired))
        : CrownBounds.overBoxes(
            trace, input, CrownOptions.everyLayerConcretised().withTime(expired));
  }

  private Found ascend(OpenPart part, List<LinearConstraint> constraints, BooleanSupplier expired) {
    try (Scope scope = live.scope().child("property bounds")) {
      LiveNetwork inner = live.detached(scope);
      InputSet input = input(List.of(part), scope);
      PreActivations known = PreActivations.crown(inner, input, CROWN.withTime(expired), scope);
      double[] rows = new double[constraints.size()];
      if (rows.length > 0) {
        try (SplitBounds bounds = SplitBounds.over(inner, input, known, CROWN.coefficients())) {
          List<SplitBounds.Bounded> best =
              bounds.maximise(
                  output(),
                  rows(constraints, scope),
                  Collections.nCopies(rows.length, bounds.whole()),
                  ASCENT,
                  expired);
          Arrays.setAll(rows, r -> best.get(r).lower());
        }
      }
      return Autograd.withoutGradients(() -> found(rows, known.trace().output()));
    }
  }

  /** Works with bounds of one part, improved inside the network. */
  boolean inside(OpenPart part, BooleanSupplier expired, MarginBranching.Work work) {
    try (Scope scope = live.scope().child("property branches")) {
      LiveNetwork inner = live.detached(scope);
      InputSet input = input(List.of(part), scope);
      PreActivations.Improvement improvement =
          new PreActivations.Improvement(INSIDE, CROWN.coefficients(), expired);
      PreActivations better =
          PreActivations.crown(inner, input, CROWN.withTime(expired), scope)
              .improved(inner, input, improvement, scope);
      try (SplitBounds bounds = SplitBounds.over(inner, input, better, CROWN.coefficients())) {
        return work.with(bounds, scope);
      }
    }
  }

  private InputSet input(List<OpenPart> parts, Scope scope) {
    return InputSet.between(
        tensor(parts.stream().map(OpenPart::lower).toList(), scope),
        tensor(parts.stream().map(OpenPart::upper).toList(), scope));
  }

  private NDArray tensor(List<double[]> corners, Scope scope) {
    double[] all = corners.stream().flatMapToDouble(Arrays::stream).toArray();
    long[] sample = live.network().inputShape().getShape();
    long[] shape =
        LongStream.concat(LongStream.of(corners.size()), LongStream.of(sample)).toArray();
    return scope.tensor(all, DataType.FLOAT64, shape);
  }

  private NDArray rows(List<LinearConstraint> constraints, Scope scope) {
    int outputs = live.network().classes();
    double[] all =
        constraints.stream()
            .flatMapToDouble(one -> Arrays.stream(Exclusion.row(one, outputs)))
            .toArray();
    return scope.tensor(all, DataType.FLOAT64, 1, constraints.size(), outputs);
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

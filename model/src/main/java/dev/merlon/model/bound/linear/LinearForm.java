package dev.merlon.model.bound.linear;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import dev.merlon.model.bound.box.Box;
import dev.merlon.model.bound.box.BoxTrace;
import dev.merlon.model.network.AffineMap;
import dev.merlon.model.norm.Rows;
import dev.merlon.model.tensor.Scope;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Linear lower bounds under construction: {@code R} functions per sample, each a constant plus
 * linear functions of some values of the network. A backward pass replaces values by what they were
 * computed from until only the input is left. Coefficients on a value are {@code [N, R, ...]}, or
 * {@code [1, R, ...]} as long as they are the same for all samples; those that reach a value on
 * several ways add up. What rounding may cost is gathered beside the functions.
 */
final class LinearForm {
  private final Scope scope;
  private final Optional<RoundingErrors> rounding;
  private final Map<Integer, NDArray> coefficients = new HashMap<>();
  private NDArray constant;
  private NDArray error;

  /**
   * Rows on one value.
   *
   * @param scope owner of all tensors of the form
   * @param rows {@code [N or 1, R, ...]}, owned by the form from here on
   * @param rounding what rounding may cost, where it is accounted for
   */
  LinearForm(Scope scope, int value, NDArray rows, Optional<RoundingErrors> rounding) {
    this.scope = scope;
    this.rounding = rounding;
    Shape shape = rows.getShape();
    this.constant =
        scope.manager().zeros(new Shape(shape.get(0), shape.get(1)), rows.getDataType());
    this.error = constant;
    add(value, rows);
  }

  /** Adds coefficients on a value; the form owns them from here on. */
  void add(int value, NDArray more) {
    scope.adopt(more);
    NDArray known = coefficients.get(value);
    if (known == null) {
      coefficients.put(value, more);
    } else {
      rounding.ifPresent(
          errors -> {
            charge(errors.of(value, known));
            charge(errors.of(value, more));
          });
      coefficients.put(value, known.add(more));
      known.close();
      more.close();
    }
  }

  /** Adds {@code [N or 1, R]} to the constants. */
  void addConstant(NDArray more) {
    constant = constant.add(more);
    rounding.ifPresent(errors -> charge(errors.ofSum(constant)));
  }

  /**
   * Takes the coefficients on a value out of the form, and gives them to another owner, to be
   * replaced by coefficients on the value's operands or by their bounds.
   */
  Optional<NDArray> take(int value, Scope owner) {
    Optional<NDArray> taken = Optional.ofNullable(coefficients.remove(value)).map(owner::adopt);
    rounding.ifPresent(errors -> taken.ifPresent(a -> charge(errors.of(value, a))));
    return taken;
  }

  /** What the functions may be off by so far is taken off their bounds {@code [N, R]}. */
  NDArray lowered(NDArray bounds) {
    return rounding.map(errors -> errors.lowered(bounds, error)).orElse(bounds);
  }

  /**
   * Lower bounds of the functions as they are now, every value being anywhere in its box, {@code
   * [N, R]}. The values are taken to be independent, so that the bounds hold, loosely, where one is
   * computed from another.
   */
  NDArray lowerOver(BoxTrace trace) {
    try (Scope work = scope.child("boxes")) {
      NDArray sum = work.view(constant);
      for (Map.Entry<Integer, NDArray> term : coefficients.entrySet()) {
        Box box = trace.box(term.getKey());
        Rows rows = Rows.flattened(work.view(term.getValue()));
        NDArray atCenter = rows.times(work.view(AffineMap.flatten(box.center())));
        NDArray spread = rows.abs().times(work.view(AffineMap.flatten(box.radius())));
        sum = sum.add(atCenter).sub(spread);
        Optional<NDArray> off = rounding.map(errors -> errors.of(term.getKey(), term.getValue()));
        sum = off.map(sum::sub).orElse(sum);
      }
      return scope.adopt(lowered(sum));
    }
  }

  private void charge(NDArray more) {
    error = error.add(scope.adopt(more));
  }

  /** The coefficients by number of the value that they are on, {@code [N or 1, R, ...]}. */
  Map<Integer, NDArray> coefficients() {
    return java.util.Collections.unmodifiableMap(coefficients);
  }

  /** The constants, {@code [N or 1, R]}. */
  NDArray constant() {
    return constant;
  }
}

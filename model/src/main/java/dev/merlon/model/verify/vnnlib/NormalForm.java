package dev.merlon.model.verify.vnnlib;

import dev.merlon.model.verify.specification.Conjunction;
import dev.merlon.model.verify.specification.LinearConstraint;
import dev.merlon.model.verify.specification.Specification.Region;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Brings conditions into a disjunction of boxes with conjunctions. Each disjunct starts from the
 * common box, so that no bound of one leaks into another, and every condition asserted beside a
 * disjunction holds in all of its disjuncts. Not thread-safe.
 */
final class NormalForm {
  private static final double MOST_CASES = 1_000_000;
  private static final double MOST_CONDITIONS = 20_000_000;
  private static final int MOST_REMARKS = 5;

  private final Declarations.Layout inputs;
  private final Declarations.Layout outputs;
  private final List<Interval> common;
  private final List<String> remarks = new ArrayList<>();
  private final IdentityHashMap<Formula, LinearConstraint> known = new IdentityHashMap<>();
  private int emptyCases;

  /**
   * @param common intervals of all inputs, by position
   */
  NormalForm(Declarations.Layout inputs, Declarations.Layout outputs, List<Interval> common) {
    this.inputs = inputs;
    this.outputs = outputs;
    this.common = common;
  }

  /**
   * The regions of a condition beside the common box.
   *
   * @throws Unusable when they are too many or not bounded
   */
  List<Region<InputBox>> regions(Formula.And conditions) {
    Extent extent = Extent.of(conditions);
    if (extent.cases() > MOST_CASES || extent.conditions() > MOST_CONDITIONS) {
      throw new Unusable(
          String.format(
              Locale.ROOT,
              "its and, or multiply out to %.3g cases with %.3g conditions; the limits are %.0f and"
                  + " %.0f",
              extent.cases(),
              extent.conditions(),
              MOST_CASES,
              MOST_CONDITIONS));
    }
    if (emptyCommonBox()) {
      return List.of();
    }
    Map<Map<Integer, Interval>, List<Conjunction>> grouped = new LinkedHashMap<>();
    for (List<Formula> leaves : cases(conditions)) {
      Optional<Map<Integer, Interval>> narrowed = narrowed(leaves);
      if (narrowed.isPresent()) {
        grouped
            .computeIfAbsent(narrowed.get(), box -> new ArrayList<>())
            .add(new Conjunction(constraints(leaves)));
      }
    }
    List<Region<InputBox>> regions = new ArrayList<>();
    grouped.forEach((box, cases) -> regions.add(new Region<>(new InputBox(common, box), cases)));
    requireBounded(regions);
    return regions;
  }

  /** What was left out and why. */
  List<String> remarks() {
    if (emptyCases <= remarks.size()) {
      return remarks;
    }
    List<String> all = new ArrayList<>(remarks);
    all.add(String.format(Locale.ROOT, "%,d cases in all contradict themselves", emptyCases));
    return all;
  }

  private boolean emptyCommonBox() {
    for (int position = 0; position < common.size(); position++) {
      if (common.get(position).isEmpty()) {
        remarks.add(contradiction(position, common.get(position)) + ": the property holds");
        return true;
      }
    }
    return false;
  }

  private String contradiction(int position, Interval interval) {
    return "no value of %s lies in %s, as its bounds ask"
        .formatted(inputs.tensor().names().get(position), interval);
  }

  private void requireBounded(List<Region<InputBox>> regions) {
    for (int position = 0; position < common.size(); position++) {
      if (common.get(position).isBounded()) {
        continue;
      }
      for (Region<InputBox> region : regions) {
        Interval interval = region.inputs().interval(position);
        if (!interval.isBounded()) {
          String missing = Double.isFinite(interval.floor()) ? "upper" : "lower";
          throw new Unusable(
              "%s has no finite %s bound%s"
                  .formatted(
                      inputs.tensor().names().get(position),
                      missing,
                      regions.size() > 1 ? " in one of its cases" : ""));
        }
      }
    }
  }

  // Depth is limited by the turns of and, or.
  private static List<List<Formula>> cases(Formula formula) {
    if (formula instanceof Formula.Or or) {
      List<List<Formula>> all = new ArrayList<>();
      or.parts().forEach(part -> all.addAll(cases(part)));
      return all;
    }
    if (formula instanceof Formula.And and) {
      return product(and);
    }
    return List.of(List.of(formula));
  }

  private static List<List<Formula>> product(Formula.And and) {
    List<Formula> leaves = new ArrayList<>();
    List<Formula> choices = new ArrayList<>();
    for (Formula part : and.parts()) {
      boolean leaf = part instanceof Formula.Bound || part instanceof Formula.AtMostZero;
      (leaf ? leaves : choices).add(part);
    }
    List<List<Formula>> products = List.of(leaves);
    for (Formula choice : choices) {
      List<List<Formula>> longer = new ArrayList<>();
      for (List<Formula> second : cases(choice)) {
        products.forEach(first -> longer.add(concatenated(first, second)));
      }
      products = longer;
    }
    return products;
  }

  private static List<Formula> concatenated(List<Formula> first, List<Formula> second) {
    List<Formula> both = new ArrayList<>(first.size() + second.size());
    both.addAll(first);
    both.addAll(second);
    return both;
  }

  private Optional<Map<Integer, Interval>> narrowed(List<Formula> leaves) {
    Map<Integer, Interval> narrowed = new LinkedHashMap<>();
    for (Formula leaf : leaves) {
      if (leaf instanceof Formula.Bound bound) {
        int position = position(inputs, bound.declaration());
        Interval before = narrowed.getOrDefault(position, common.get(position));
        Interval after = before.cut(bound.upper(), new Interval.End(bound.value(), bound.strict()));
        if (after.isEmpty()) {
          emptyCases++;
          if (remarks.size() < MOST_REMARKS) {
            remarks.add("a case was left out: " + contradiction(position, after));
          }
          return Optional.empty();
        }
        if (!after.equals(before)) {
          narrowed.put(position, after);
        }
      }
    }
    return Optional.of(narrowed);
  }

  private List<LinearConstraint> constraints(List<Formula> leaves) {
    List<LinearConstraint> constraints = new ArrayList<>();
    for (Formula leaf : leaves) {
      if (leaf instanceof Formula.AtMostZero condition) {
        constraints.add(known.computeIfAbsent(condition, key -> constraint(condition)));
      }
    }
    return constraints;
  }

  private LinearConstraint constraint(Formula.AtMostZero condition) {
    List<LinearConstraint.Term> ofInputs = new ArrayList<>();
    List<LinearConstraint.Term> ofOutputs = new ArrayList<>();
    condition
        .sum()
        .coefficients()
        .forEach(
            (declaration, coefficient) -> {
              boolean input = inputs.positions().containsKey(declaration);
              int position = position(input ? inputs : outputs, declaration);
              (input ? ofInputs : ofOutputs).add(new LinearConstraint.Term(position, coefficient));
            });
    return new LinearConstraint(
        ofInputs, ofOutputs, condition.sum().constant(), condition.strict());
  }

  private static int position(Declarations.Layout layout, int declaration) {
    return Optional.ofNullable(layout.positions().get(declaration)).orElseThrow();
  }

  /** How many cases and conditions a formula multiplies out to; huge ones are infinite. */
  private record Extent(double cases, double conditions) {
    static Extent of(Formula formula) {
      if (formula instanceof Formula.Or or) {
        return or.parts().stream().map(Extent::of).reduce(new Extent(0, 0), Extent::either);
      }
      if (formula instanceof Formula.And and) {
        return and.parts().stream().map(Extent::of).reduce(new Extent(1, 0), Extent::both);
      }
      return new Extent(1, 1);
    }

    private Extent either(Extent other) {
      return new Extent(cases + other.cases, conditions + other.conditions);
    }

    private Extent both(Extent other) {
      return new Extent(cases * other.cases, conditions * other.cases + other.conditions * cases);
    }
  }

  /** A condition that has no usable normal form; the message says why. */
  static final class Unusable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Unusable(String problem) {
      super(problem);
    }
  }
}

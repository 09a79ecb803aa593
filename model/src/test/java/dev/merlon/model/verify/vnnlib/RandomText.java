package dev.merlon.model.verify.vnnlib;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.random.RandomGenerator;

/**
 * A random property as text, and its meaning computed straight from the formula that was drawn. All
 * numbers are small multiples of powers of two, so that double arithmetic on them is exact.
 */
final class RandomText {
  static final int INPUTS = 3;
  static final int OUTPUTS = 2;
  private static final double WIDEST = 2;

  private final RandomGenerator random;
  private final StringBuilder text = new StringBuilder();
  private Predicate<double[]> meaning = point -> true;

  private record Expression(String text, ToDoubleFunction<double[]> value) {}

  private record Condition(String text, Predicate<double[]> holds) {}

  RandomText(RandomGenerator random) {
    this.random = random;
    text.append(Texts.with(INPUTS, OUTPUTS));
    List<Condition> conditions = new ArrayList<>();
    for (int i = 0; i < INPUTS; i++) {
      conditions.add(bound(i, "<="));
      conditions.add(bound(i, ">="));
    }
    for (int i = random.nextInt(4); i >= 0; i--) {
      conditions.add(condition(random.nextInt(4)));
    }
    while (!conditions.isEmpty()) {
      Condition next = conditions.remove(random.nextInt(conditions.size()));
      text.append("(assert ").append(next.text()).append(")\n");
      meaning = meaning.and(next.holds());
    }
  }

  String text() {
    return text.toString();
  }

  /** Whether inputs and then outputs meet every assertion. */
  boolean holds(double... point) {
    return meaning.test(point);
  }

  /** A point on a grid, at or a little beyond the borders. */
  double[] point() {
    double[] point = new double[INPUTS + OUTPUTS];
    for (int i = 0; i < point.length; i++) {
      point[i] = (random.nextInt(21) - 10) / 4.0;
    }
    return point;
  }

  private Condition bound(int input, String relation) {
    double end = relation.equals("<=") ? WIDEST : -WIDEST;
    return compared(relation, variable(input), constant(end));
  }

  private Condition condition(int depth) {
    if (depth == 0 || random.nextInt(4) == 0) {
      return comparison();
    }
    boolean and = random.nextBoolean();
    Condition all = condition(depth - 1);
    String joined = all.text();
    Predicate<double[]> holds = all.holds();
    for (int i = random.nextInt(3); i > 0; i--) {
      Condition next = condition(depth - 1);
      joined += blank() + next.text();
      holds = and ? holds.and(next.holds()) : holds.or(next.holds());
    }
    return new Condition("(" + (and ? "and" : "or") + blank() + joined + ")", holds);
  }

  private Condition comparison() {
    String relation = List.of("<=", ">=", "<", ">", "=").get(random.nextInt(5));
    boolean simple = random.nextBoolean();
    Expression left = simple ? variable(random.nextInt(INPUTS + OUTPUTS)) : number(2);
    Expression right = simple ? constant(grid()) : number(2);
    return random.nextBoolean() ? compared(relation, left, right) : compared(relation, right, left);
  }

  private Condition compared(String relation, Expression left, Expression right) {
    return new Condition(
        "(" + relation + " " + left.text() + blank() + right.text() + ")",
        point -> {
          double difference =
              left.value().applyAsDouble(point) - right.value().applyAsDouble(point);
          return switch (relation) {
            case "<=" -> difference <= 0;
            case ">=" -> difference >= 0;
            case "<" -> difference < 0;
            case ">" -> difference > 0;
            default -> difference == 0;
          };
        });
  }

  private Expression number(int depth) {
    if (depth == 0) {
      return random.nextInt(3) == 0 ? constant(grid()) : variable(random.nextInt(INPUTS + OUTPUTS));
    }
    Expression a = number(depth - 1);
    Expression b = number(depth - 1);
    double factor = grid();
    return switch (random.nextInt(5)) {
      case 0 -> joined("+", a, b, point -> at(a, point) + at(b, point));
      case 1 -> joined("-", a, b, point -> at(a, point) - at(b, point));
      case 2 -> joined("*", a, constant(factor), point -> at(a, point) * factor);
      case 3 -> joined("*", constant(factor), a, point -> at(a, point) * factor);
      default -> joined("/", a, constant(-4), point -> at(a, point) / -4);
    };
  }

  private Expression joined(
      String operator, Expression a, Expression b, ToDoubleFunction<double[]> value) {
    return new Expression("(" + operator + " " + a.text() + blank() + b.text() + ")", value);
  }

  private static double at(Expression number, double... point) {
    return number.value().applyAsDouble(point);
  }

  private Expression variable(int index) {
    String name = index < INPUTS ? "X_" + index : "Y_" + (index - INPUTS);
    return new Expression(name, point -> point[index]);
  }

  private Expression constant(double value) {
    String size = new BigDecimal(Math.abs(value)).toPlainString();
    String sign = value < 0 ? "-" : "";
    String written =
        switch (random.nextInt(5)) {
          case 0 -> sign + size + "e0";
          case 1 -> value < 0 ? "(- " + size + ")" : "+" + size;
          case 2 -> "(/ " + sign + new BigDecimal(Math.abs(value) * 4).toPlainString() + " 4)";
          case 3 -> sign + new BigDecimal(Math.abs(value)).movePointRight(3) + "E-3";
          default -> sign + size;
        };
    return new Expression(written, point -> value);
  }

  private double grid() {
    return (random.nextInt(17) - 8) / 4.0;
  }

  private String blank() {
    return List.of(" ", "  ", "\n", "\t", " ; note )\n").get(random.nextInt(5));
  }
}

package dev.merlon.model.norm;

import dev.merlon.config.failure.Failure;
import dev.merlon.config.failure.MerlonException;
import dev.merlon.config.value.KnownNorm;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The norms that there are: those that this module provides as services of {@link KnownNorm}, each
 * a public class without state.
 */
public final class Norms {
  /** All norms, in the order in which they are reported. */
  public static final List<Norm> ALL =
      KnownNorm.all().stream().filter(Norm.class::isInstance).map(Norm.class::cast).toList();

  private Norms() {}

  static Norm named(String name) {
    return ALL.stream()
        .filter(norm -> norm.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new MerlonException(unknown(name)));
  }

  private static Failure unknown(String name) {
    String known = ALL.stream().map(Norm::name).collect(Collectors.joining(", "));
    return new Failure.Configuration(
        "There is no norm '" + name + "'.", "Use one of " + known + ".");
  }
}
